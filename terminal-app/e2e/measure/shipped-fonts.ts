import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codePointsOf } from './woff2-cmap.ts';

/** What no font has to draw: spaces, and the marks that only order what is around them. */
const UNSEEN = /[\s\p{Default_Ignorable_Code_Point}\p{Cc}]/u;

/** The letters that style sheets' own fonts draw: what a font's file has, and its `unicode-range` lets be asked for. */
export class ShippedFonts {
  readonly #byWeight = new Map<number, Set<number>>();

  /** Of these style sheets, whose fonts lie beside them. */
  static async of(sheets: readonly string[]): Promise<ShippedFonts> {
    const fonts = new ShippedFonts();
    for (const sheet of sheets) await fonts.#add(await readFile(sheet, 'utf8'), dirname(sheet));
    return fonts;
  }

  /** What of a text is drawn by none of them at a weight, each once. */
  readonly undrawn = (text: string, weight: number): string[] => {
    const has = this.#byWeight.get(weight);
    return [...new Set(text)].filter(
      (letter) => !UNSEEN.test(letter) && !has?.has(letter.codePointAt(0) ?? 0),
    );
  };

  async #add(css: string, folder: string): Promise<void> {
    for (const [, face = ''] of css.matchAll(/@font-face\s*\{([^}]*)\}/g)) {
      const weight = Number(/font-weight:\s*(\d+)/.exec(face)?.[1]);
      const file = /url\(["']?([^"')]+\.woff2)["']?\)/.exec(face)?.[1];
      if (file === undefined) continue;
      const ranges = rangesOf(/unicode-range:\s*([^;]+)/.exec(face)?.[1]);
      const all = this.#byWeight.get(weight) ?? new Set<number>();
      this.#byWeight.set(weight, all);
      for (const code of codePointsOf(await readFile(join(folder, file))))
        if (ranges.some(([from, to]) => from <= code && code <= to)) all.add(code);
    }
  }
}

/** `U+4e00-4eff,U+3002` as pairs; every code point where nothing is said. */
function rangesOf(css: string | undefined): [number, number][] {
  if (css === undefined) return [[0, 0x10ffff]];
  return css.split(',').map((part) => {
    const text = part.trim().replace(/^U\+/i, '');
    const [from = '', to = from] = text.includes('?')
      ? [text.replaceAll('?', '0'), text.replaceAll('?', 'f')]
      : text.split('-');
    return [parseInt(from, 16), parseInt(to, 16)];
  });
}
