import type { Box } from './survey-types.ts';

/** What is measured with in a page: `window.ruler`. Its functions are the page's own. */
export interface Ruler {
  /** Of the design's px. */
  readonly rem: number;
  /** What is looked at: the panel that lies over the stage, else the stage. */
  readonly root: Element;
  readonly stage: Element;
  readonly boxOf: (rect: DOMRect) => Box;
  /** Null where there is none, and while a panel lies over it. */
  readonly place: (selector: string) => Box | null;
  readonly nameOf: (element: Element) => string;
  readonly isSeen: (element: Element) => boolean;
  readonly isDisabled: (element: Element) => boolean;
}

/** Runs in the page, as it is at this moment, and alone: Playwright carries one function over, and nothing that it imports. */
export function layRuler(): void {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const panel = document.querySelector('dialog[open]');
  const stage = document.querySelector('.stage') ?? document.body;
  const root = panel ?? stage;

  const boxOf = ({ left, top, right, bottom }: DOMRect): Box => ({
    ...{ left: left / rem, top: top / rem, right: right / rem, bottom: bottom / rem },
  });
  const place = (selector: string): Box | null => {
    const found = panel === null ? document.querySelector(selector) : null;
    return found && boxOf(found.getBoundingClientRect());
  };
  const nameOf = (element: Element): string => {
    const classes = [...element.classList].map((name) => `.${name}`).join('');
    const said = element.textContent.replace(/\s+/g, ' ').trim().slice(0, 24);
    return `${element.tagName.toLowerCase()}${classes} "${said}"`;
  };
  /** What scrolls may be longer than its place: what has left that is not on the screen. */
  const isScrolledOut = (element: Element): boolean => {
    const scroller = element.parentElement?.closest('.scrolls');
    if (!scroller) return false;
    const [box, room] = [element.getBoundingClientRect(), scroller.getBoundingClientRect()];
    return box.top < room.top - 1 || box.bottom > room.bottom + 1;
  };
  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 0 &&
    !isScrolledOut(element);
  const isDisabled = (element: Element): boolean =>
    element.closest(':disabled, [aria-disabled="true"]') !== null;

  const ruler: Ruler = { rem, root, stage, boxOf, place, nameOf, isSeen, isDisabled };
  Object.assign(window, { ruler });
}
