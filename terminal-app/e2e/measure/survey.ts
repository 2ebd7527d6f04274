import type * as Axe from 'axe-core';

/** A place on the screen, in px of the design (1920×1080 or 1080×1920). */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What somebody presses. */
export interface Target {
  readonly name: string;
  readonly box: Box;
  readonly disabled: boolean;
  /** Its border's or its ground's contrast to what it stands on, whichever is better; null where it cannot be told. */
  readonly contrast: number | null;
}

/** Words in one element, as they are drawn. */
export interface Words {
  readonly name: string;
  readonly text: string;
  /** px of the design. */
  readonly size: number;
  readonly weight: number;
  /** One of each line. */
  readonly lines: readonly Box[];
  /** Line height in parts of the size. */
  readonly leading: number;
  /** To what is really behind it; null where that cannot be told. */
  readonly contrast: number | null;
  /** Of a control that cannot be used now. */
  readonly disabled: boolean;
  readonly title: boolean;
  /** In a picture, which stands beside the same in words. */
  readonly drawing: boolean;
  /** Whether it is said small on purpose: labels, numbers for helpers, the frame's own tools. */
  readonly secondary: boolean;
  /** Index of the target that it is in; null outside all. */
  readonly target: number | null;
  /** Parts whose digits do not run from left to right. */
  readonly mirrored: readonly string[];
}

/** All that a screen's measures are judged by; JSON. */
export interface Survey {
  readonly language: string;
  readonly direction: string;
  readonly stage: Box;
  /** Where a screen's own content may be; null while a panel lies over it. */
  readonly main: Box | null;
  readonly back: Box | null;
  readonly help: Box | null;
  readonly targets: readonly Target[];
  readonly words: readonly Words[];
  /** Elements whose content is larger than they are, or that end sentences in dots. */
  readonly cut: readonly string[];
  /** Elements of the screen that leave `main`. */
  readonly outside: readonly string[];
}

/**
 * Runs in the page, where axe must be (`axe.source`): it knows what is drawn behind an element. `secondary` selects what is
 * said small on purpose.
 */
export function survey(secondary: string): Survey {
  const { axe } = window as unknown as { axe: typeof Axe };
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
  const contrastOfText = (element: Element): number | null => {
    const behind = color.getBackgroundColor(element);
    const front = behind && color.getForegroundColor(element, false, behind);
    if (front) return color.getContrast(behind, front);
    if (!isPlain(element)) return null;
    // axe says nothing of words in two lines, since it looks for what lies between them and the ground.
    const ground = groundOf(element);
    return color.getContrast(ground, color.flattenColors(parsed(getComputedStyle(element).color), ground));
  };
  const contrastOfControl = (element: Element): number | null => {
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

  /** Runs of digits, with what stands between them, whose letters do not go to the right. */
  const mirroredIn = (node: Text): string[] => {
    const range = document.createRange();
    const leftOf = (at: number): DOMRect => {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect();
    };
    return [...node.data.matchAll(/-?\d[\d\s.:/,-]*\d/g)]
      .filter(({ 0: run, index }) => {
        const signs = [...run].map((sign, at) => ({ sign, box: leftOf(index + at) }));
        const solid = signs.filter(({ sign }) => sign.trim() !== '');
        return solid.some(({ box }, at) => {
          const next = solid[at + 1]?.box;
          return next !== undefined && Math.abs(next.top - box.top) < 2 && next.left < box.left - 0.5;
        });
      })
      .map(([run]) => run);
  };

  const pressed = [
    ...root.querySelectorAll('button, a[href], input, select, summary, [role="button"]'),
  ].filter(isSeen);
  axe.setup(document.body);
  const targets = pressed.map((element) => ({
    ...{ name: nameOf(element), box: boxOf(element.getBoundingClientRect()) },
    ...{ disabled: isDisabled(element), contrast: contrastOfControl(element) },
  }));

  const words: Words[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!(node instanceof Text) || node.data.trim() === '' || element === null || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    const drawn = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
    const size = parseFloat(style.fontSize) * drawn;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines: Box[] = [];
    for (const each of range.getClientRects()) {
      // A line's box is as high as the font wants it; what is drawn is about as high as the size.
      const middle = (each.top + each.bottom) / 2;
      const ink = new DOMRect(each.left, middle - size / 2, each.width, size);
      const last = lines.at(-1);
      if (each.width < 1) continue;
      if (last && Math.abs(last.top - ink.top / rem) < 2) {
        lines[lines.length - 1] = {
          ...last,
          ...{ left: Math.min(last.left, ink.left / rem), right: Math.max(last.right, ink.right / rem) },
        };
      } else lines.push(boxOf(ink));
    }
    const target = pressed.findIndex((each) => each.contains(element));
    const small = element.closest(secondary);
    words.push({
      ...{ name: nameOf(element), text: node.data.trim(), size: size / rem, lines },
      weight: Number(style.fontWeight),
      leading: parseFloat(style.lineHeight) / parseFloat(style.fontSize),
      contrast: element instanceof SVGElement ? Infinity : contrastOfText(element),
      disabled: isDisabled(element),
      title: element.closest('h1, h2') !== null,
      drawing: element instanceof SVGElement,
      secondary: small !== null && root.contains(small),
      target: target < 0 ? null : target,
      mirrored: mirroredIn(node),
    });
  }
  axe.teardown();

  const main = place('main');
  const cut: string[] = [];
  const outside: string[] = [];
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('svg') !== null || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    const wide = element.scrollWidth > element.clientWidth + 1;
    const high =
      element.scrollHeight > element.clientHeight + 1 &&
      style.overflowY !== 'visible' &&
      !element.classList.contains('scrolls');
    if (element.clientWidth > 0 && style.display !== 'inline' && (wide || high)) cut.push(nameOf(element));
    if (style.textOverflow === 'ellipsis') cut.push(nameOf(element));
    const box = boxOf(element.getBoundingClientRect());
    if (main && element.closest('main > *') && (box.top < main.top - 1 || box.bottom > main.bottom + 1))
      outside.push(nameOf(element));
  }

  return {
    ...{ language: document.documentElement.lang, direction: document.documentElement.dir },
    ...{ stage: boxOf(stage.getBoundingClientRect()), main },
    ...{ back: place('footer .back'), help: place('footer .help') },
    ...{ targets, words, cut, outside },
  };
}
