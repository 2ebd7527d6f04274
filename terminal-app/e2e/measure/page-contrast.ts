import type * as Axe from 'axe-core';

/** Contrasts of what is in a page: `window.contrast`. Null where one cannot be told. */
export interface Contrast {
  /** Of words to what is really behind them. */
  readonly ofText: (element: Element) => number | null;
  /** Of a control's border or ground to what it stands on, whichever is better. */
  readonly ofControl: (element: Element) => number | null;
}

/**
 * Runs in the page, where axe must be (`axe.source`), and alone: Playwright carries one function over, and nothing that
 * it imports. axe knows what is drawn behind an element.
 */
export function layContrast(): void {
  const { axe } = window as unknown as { axe: typeof Axe };
  const { color } = axe.commons as unknown as {
    color: {
      Color: new (
        red: number,
        green: number,
        blue: number,
        alpha?: number,
      ) => AxeColor & {
        parseString: (css: string) => void;
      };
      getBackgroundColor: (of: Element) => AxeColor | null;
      getForegroundColor: (of: Element, noScroll: boolean, behind: AxeColor) => AxeColor | null;
      flattenColors: (over: AxeColor, under: AxeColor) => AxeColor;
      getContrast: (a: AxeColor, b: AxeColor) => number;
    };
  };
  interface AxeColor {
    readonly alpha: number;
  }
  const parsed = (css: string): AxeColor => {
    const made = new color.Color(0, 0, 0, 0);
    made.parseString(css);
    return made;
  };
  const grounds = new Map<Element, AxeColor>();
  /** By what the element and all around it are filled with, the nearest on top. */
  const groundOf = (element: Element | null): AxeColor => {
    if (element === null) return parsed('#fff');
    const known = grounds.get(element);
    if (known !== undefined) return known;
    const own = parsed(getComputedStyle(element).backgroundColor);
    const ground = color.flattenColors(own, groundOf(element.parentElement));
    grounds.set(element, ground);
    return ground;
  };
  const plain = new Map<Element, boolean>();
  const isPlain = (element: Element | null): boolean => {
    if (element === null) return true;
    const known = plain.get(element);
    if (known !== undefined) return known;
    const is = getComputedStyle(element).backgroundImage === 'none' && isPlain(element.parentElement);
    plain.set(element, is);
    return is;
  };
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
