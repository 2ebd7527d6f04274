import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One of the files that the kiosk's Chinese font comes in, and the characters it has. */
interface Slice {
  readonly file: string;
  readonly ranges: readonly (readonly [number, number])[];
}

const FOLDER = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/LICENSE'));
const FACE = /url\(\.\/files\/([\w-]+\.woff)\) format\('woff'\);\s*unicode-range: ([^;]+);/gu;

/** The font's slices by weight, as its stylesheet lists them. Noto Sans SC, SIL OFL 1.1. */
export class FontSlices {
  readonly #slices: readonly Slice[];

  constructor(weight: 400 | 700) {
    const css = readFileSync(join(FOLDER, `${weight}.css`), 'utf8');
    this.#slices = [...css.matchAll(FACE)].map(([, file = '', ranges = '']) => ({
      file: join(FOLDER, 'files', file),
      ranges: ranges.split(',').map(rangeOf),
    }));
  }

  /** The text in pieces, each with the file that has all its characters; what no file has is left out. */
  runsOf(text: string): { readonly file: string; readonly text: string }[] {
    const runs: { file: string; text: string }[] = [];
    for (const character of text) {
      const last = runs.at(-1);
      const file = this.#fileOf(character.codePointAt(0) ?? 0);
      if (file === undefined) continue;
      if (last?.file === file) last.text += character;
      else runs.push({ file, text: character });
    }
    return runs;
  }

  #fileOf(code: number): string | undefined {
    return this.#slices.find(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last))
      ?.file;
  }
}

/** `U+4e00-4e0f` or `U+4e00`. */
function rangeOf(text: string): readonly [number, number] {
  const [first = '', last = first] = text.trim().replace('U+', '').split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}
