import type { Contrast } from './page-contrast.ts';
import type { Glyphs } from './page-glyphs.ts';
import type { Ruler } from './page-ruler.ts';
import type { Words } from './survey-types.ts';

/** Reads the words of a page: `window.readWords`. `pressed`: what the indices of targets are of. */
export type ReadWords = (pressed: readonly Element[], secondary: string) => Words[];

/**
 * Runs in the page, where a ruler, glyphs and contrasts must be, and alone: Playwright carries one function over, and nothing that
 * it imports.
 */
export function layReadWords(): void {
  const { ruler, glyphs, contrast } = window as unknown as {
    ruler: Ruler;
    glyphs: Glyphs;
    contrast: Contrast;
  };
  const { rem, root, nameOf, isSeen, isDisabled } = ruler;

  const wordsIn = (
    node: Text,
    element: Element,
    of: { pressed: readonly Element[]; secondary: string },
  ): Words => {
    const { pressed, secondary } = of;
    const style = getComputedStyle(element);
    const drawn = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
    const size = parseFloat(style.fontSize) * drawn;
    const target = pressed.findIndex((each) => each.contains(element));
    const small = element.closest(secondary);
    return {
      ...{ name: nameOf(element), text: node.data.trim(), size: size / rem },
      lines: glyphs.linesOf(node, size),
      weight: Number(style.fontWeight),
      leading: parseFloat(style.lineHeight) / parseFloat(style.fontSize),
      contrast: element instanceof SVGElement ? Infinity : contrast.ofText(element),
      disabled: isDisabled(element),
      title: element.closest('h1, h2') !== null,
      drawing: element instanceof SVGElement,
      secondary: small !== null && root.contains(small),
      target: target < 0 ? null : target,
      mirrored: glyphs.mirroredIn(node),
    };
  };

  const readWords: ReadWords = (pressed, secondary) => {
    const words: Words[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!(node instanceof Text) || node.data.trim() === '' || element === null || !isSeen(element))
        continue;
      words.push(wordsIn(node, element, { pressed, secondary }));
    }
    return words;
  };

  Object.assign(window, { readWords });
}
