import { yuan } from '@bianmin/purchase/i18n/yuan';
import type { App } from '../app.ts';
import { doing } from '../doing.ts';
import { el, fill } from '../dom.ts';
import { digitsOf } from '../format.ts';

/** An amount of one's own, whole yuan. */
export function other(
  app: App,
  init: { minFen: number; maxFen: number; below: HTMLElement; buy: (fen: number) => Promise<void> },
): HTMLElement {
  const { t } = app;
  const { minFen, maxFen, below } = init;
  const hint = t('home.otherHint', { min: yuan(minFen, 'short'), max: yuan(maxFen, 'short') });
  const input = el('input', { id: 'other', type: 'text', inputmode: 'numeric', maxlength: '6', dir: 'ltr' });
  const button = doing(app, {
    words: t('home.ok'),
    below,
    run: async () => {
      const fen = Number(digitsOf(input.value)) * 100;
      // A point or a sign would change its meaning without its digits.
      if (!/^\s*[\d０-９]+\s*$/.test(input.value) || fen < minFen || fen > maxFen) {
        fill(below, el('p', { class: 'trouble', role: 'alert' }, hint));
        return;
      }
      await init.buy(fen);
    },
  });
  return el(
    'details',
    {},
    el('summary', {}, t('home.other')),
    el(
      'form',
      {
        onSubmit: () => {
          button.click();
        },
      },
      el('label', { class: 'hint', for: 'other' }, hint),
      input,
      button,
    ),
  );
}
