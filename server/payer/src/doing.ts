import type { App } from './app.ts';
import { el, fill } from './dom.ts';

/** A button that works once at a time, and shows what went wrong in `below`. */
export function doing(
  app: App,
  init: { words: string; class?: string; below: HTMLElement; run: () => Promise<void> },
): HTMLButtonElement {
  const button = el(
    'button',
    {
      class: init.class || 'primary',
      onClick: () => {
        if (button.disabled) return;
        button.disabled = true;
        fill(init.below);
        init
          .run()
          .catch((error: unknown) => {
            fill(init.below, app.trouble(error));
          })
          .then(
            () => {
              button.disabled = false;
            },
            () => undefined,
          );
      },
    },
    init.words,
  );
  return button;
}
