import type { Contrast } from './page-contrast.ts';
import type { Ruler } from './page-ruler.ts';
import type { Box, Words } from './survey-types.ts';

/** Reads the words of a page: `window.readWords`. `pressed`: what the indices of targets are of. */
export type ReadWords = (pressed: readonly Element[], secondary: string) => Words[];

/**
 * Runs in the page, where a ruler and contrasts must be, and alone: Playwright carries one function over, and nothing that
 * it imports.
 */
export function layReadWords(): void {
  const { ruler, contrast } = window as unknown as { ruler: Ruler; contrast: Contrast };
  const { rem, root, boxOf, nameOf, isSeen, isDisabled } = ruler;

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

  /** One box of each line that is drawn. */
  const linesOf = (node: Text, size: number): Box[] => {
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
    return lines;
  };

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
      lines: linesOf(node, size),
      weight: Number(style.fontWeight),
      leading: parseFloat(style.lineHeight) / parseFloat(style.fontSize),
      contrast: element instanceof SVGElement ? Infinity : contrast.ofText(element),
      disabled: isDisabled(element),
      title: element.closest('h1, h2') !== null,
      drawing: element instanceof SVGElement,
      secondary: small !== null && root.contains(small),
      target: target < 0 ? null : target,
      mirrored: mirroredIn(node),
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
