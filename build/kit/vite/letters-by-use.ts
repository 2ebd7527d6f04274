import subsetFont from 'subset-font';
import type { Plugin } from 'vite';

/** Digits, Latin letters and signs: numbers, and the times and amounts that scripts put together. */
const ALWAYS =
  Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at)).join('') + '¥·…—–×';

/**
 * The two weights of a Chinese font whose files match, with the letters that the bundle has words of: a tenth of it. What is
 * written in other letters, a name or a place, is drawn by the next font of the style sheet.
 */
export function lettersByUse(files: RegExp): Plugin {
  return {
    name: 'letters-by-use',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const scripts = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
      const letters = [...new Set(ALWAYS + scripts.join(''))].join('');
      let found = 0;
      for (const part of Object.values(bundle)) {
        if (part.type !== 'asset' || !files.test(part.fileName)) continue;
        part.source = await subsetFont(Buffer.from(part.source), letters, { targetFormat: 'woff2' });
        found += 1;
      }
      if (found !== 2) this.error(`The Chinese font has ${found} weights in the bundle, and not two.`);
    },
  };
}
