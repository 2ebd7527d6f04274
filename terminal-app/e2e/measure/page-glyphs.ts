import type { Ruler } from './page-ruler.ts';
import type { Box } from './survey-types.ts';

/** How the letters of a page lie: `window.glyphs`. */
export interface Glyphs {
  /** Runs of digits, with what stands between them, whose letters do not go to the right. */
  readonly mirroredIn: (node: Text) => string[];
  /** One box of each line that is drawn; `size`: px. */
  readonly linesOf: (node: Text, size: number) => Box[];
}

/** Runs in the page, where a ruler must be, and alone: Playwright carries one function over, and nothing that it imports. */
export function layGlyphs(): void {
  const { rem, boxOf } = (window as unknown as { ruler: Ruler }).ruler;

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

  const glyphs: Glyphs = { mirroredIn, linesOf };
  Object.assign(window, { glyphs });
}
