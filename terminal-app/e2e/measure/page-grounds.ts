import type * as Axe from 'axe-core';

/** A colour as axe has it. */
interface AxeColor {
  readonly alpha: number;
}

/** What axe does with colours; its types leave it out. */
interface AxeColors {
  readonly Color: new (
    red: number,
    green: number,
    blue: number,
    alpha?: number,
  ) => AxeColor & { parseString: (css: string) => void };
  readonly getBackgroundColor: (of: Element) => AxeColor | null;
  readonly getForegroundColor: (of: Element, noScroll: boolean, behind: AxeColor) => AxeColor | null;
  readonly flattenColors: (over: AxeColor, under: AxeColor) => AxeColor;
  readonly getContrast: (a: AxeColor, b: AxeColor) => number;
}

/** What lies behind the elements of a page: `window.grounds`. */
export interface Grounds {
  readonly color: AxeColors;
  readonly parsed: (css: string) => AxeColor;
  /** By what the element and all around it are filled with, the nearest on top. */
  readonly groundOf: (element: Element | null) => AxeColor;
  /** No picture is behind it. */
  readonly isPlain: (element: Element | null) => boolean;
}

/**
 * Runs in the page, where axe must be (`axe.source`), and alone: Playwright carries one function over, and nothing that
 * it imports. axe knows what is drawn behind an element.
 */
export function layGrounds(): void {
  const { axe } = window as unknown as { axe: typeof Axe };
  const { color } = axe.commons as unknown as { color: AxeColors };
  const parsed = (css: string): AxeColor => {
    const made = new color.Color(0, 0, 0, 0);
    made.parseString(css);
    return made;
  };
  const filled = new Map<Element, AxeColor>();
  const groundOf = (element: Element | null): AxeColor => {
    if (element === null) return parsed('#fff');
    const known = filled.get(element);
    if (known !== undefined) return known;
    const own = parsed(getComputedStyle(element).backgroundColor);
    const ground = color.flattenColors(own, groundOf(element.parentElement));
    filled.set(element, ground);
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

  const grounds: Grounds = { color, parsed, groundOf, isPlain };
  Object.assign(window, { grounds });
}
