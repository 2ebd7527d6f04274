import type { Grounds } from './page-grounds.ts';

/** Contrasts of what is in a page: `window.contrast`. Null where one cannot be told. */
export interface Contrast {
  /** Of words to what is really behind them. */
  readonly ofText: (element: Element) => number | null;
  /** Of a control's border or ground to what it stands on, whichever is better. */
  readonly ofControl: (element: Element) => number | null;
}

/**
 * Runs in the page, where grounds must be, and alone: Playwright carries one function over, and nothing that
 * it imports.
 */
export function layContrast(): void {
  const { parsed, groundOf, isPlain, color } = (window as unknown as { grounds: Grounds }).grounds;
  const ofText = (element: Element): number | null => {
    const behind = color.getBackgroundColor(element);
    const front = behind && color.getForegroundColor(element, false, behind);
    if (front) return color.getContrast(behind, front);
    if (!isPlain(element)) return null;
    // axe says nothing of words in two lines, since it looks for what lies between them and the ground.
    const ground = groundOf(element);
    return color.getContrast(ground, color.flattenColors(parsed(getComputedStyle(element).color), ground));
  };
  const ofControl = (element: Element): number | null => {
    const { parentElement: around } = element;
    if (around === null || !isPlain(element)) return null;
    const behind = groundOf(around);
    const style = getComputedStyle(element);
    const edges = [style.backgroundColor];
    if (parseFloat(style.borderTopWidth) > 0) edges.push(style.borderTopColor);
    return Math.max(
      ...edges.map((css) => color.getContrast(behind, color.flattenColors(parsed(css), behind))),
    );
  };

  const contrast: Contrast = { ofText, ofControl };
  Object.assign(window, { contrast });
}
