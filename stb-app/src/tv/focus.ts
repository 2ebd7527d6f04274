import { getNextFocus } from '@bbc/tv-lrud-spatial';
import type { Direction } from './keys.ts';

/** The arrows' codes, which the library knows; it takes 4 for "left", which is "back" on many boxes. */
const CODES: Readonly<Record<Direction, number>> = { left: 37, up: 38, right: 39, down: 40 };

/** What has the focus inside `scope`, if anything has. */
export function focusedIn(scope: Element): HTMLElement | null {
  const { activeElement } = document;
  // A button that was just disabled has it still, and hears no key.
  const has =
    activeElement instanceof HTMLElement &&
    scope.contains(activeElement) &&
    !activeElement.hasAttribute('disabled');
  return has ? activeElement : null;
}

/** To the nearest target in this direction as it is seen, so that mirrored pages need nothing of their own. */
export function moveFocus(scope: HTMLElement, direction: Direction): void {
  const from = focusedIn(scope);
  if (from === null) {
    focusFirst(scope);
    return;
  }
  const next: HTMLElement | null | undefined = getNextFocus(from, CODES[direction], scope);
  next?.focus();
}

/** To the target that is meant to be first, else to the first one. */
export function focusFirst(scope: HTMLElement): void {
  const first =
    scope.querySelector<HTMLElement>('[data-first]:not([disabled])') ??
    scope.querySelector<HTMLElement>('main button:not([disabled])') ??
    scope.querySelector<HTMLElement>('.help') ??
    scope.querySelector<HTMLElement>('button:not([disabled])');
  first?.focus();
}
