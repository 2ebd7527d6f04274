import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { TV_WORDS } from '../../../stb-app/src/tv/words/words.ts';
import { KIOSK_WORDS } from '../../src/words/words.ts';
import { ShippedFonts } from './shipped-fonts.ts';

/** As src/renderer/main.ts brings them. */
const SHEETS = ['noto-sans-sc/400', 'noto-sans-sc/700', 'noto-naskh-arabic/400', 'noto-naskh-arabic/700'];
const WEIGHTS = [400, 700];

let fonts: ShippedFonts;
beforeAll(async () => {
  const { resolve } = createRequire(import.meta.url);
  fonts = await ShippedFonts.of(SHEETS.map((name) => resolve(`@fontsource/${name}.css`)));
});

/** The 6,763 of GB 2312, the set of letters of many an old register of names. */
function gb2312(): string {
  const decoder = new TextDecoder('gbk');
  let letters = '';
  for (let row = 0xb0; row <= 0xf7; row++)
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const letter = decoder.decode(Uint8Array.of(row, cell));
      if (/^\p{Script=Han}$/u.test(letter)) letters += letter;
    }
  return letters;
}

describe('the fonts that the kiosk ships', () => {
  it.each(WEIGHTS)('draw every letter of every word in three languages at weight %i', (weight) => {
    const all = [...Object.values(KIOSK_WORDS), ...Object.values(TV_WORDS)].flatMap((words) =>
      Object.values(words),
    );
    expect(fonts.undrawn(all.join(''), weight)).toEqual([]);
  });

  it.each(WEIGHTS)(
    'draw what names and addresses are written with, but for 33 rare ones, at weight %i',
    (weight) => {
      const letters = gb2312();
      expect(letters).toHaveLength(6763);
      const rare = '劐阢坶塥蒈蓰猸弪艴骣桊轷戤赇牿犋毪胲脶膪憝铴镩稆瘭耠耢耥蟓筢蹯鲰齄';
      expect(fonts.undrawn(letters, weight).join('')).toBe(rare);
    },
  );

  it('do not draw what they do not: this can fail', () => {
    expect(fonts.undrawn('张 𠮷₮\u2068', 400)).toEqual(['𠮷', '₮']);
    expect(fonts.undrawn('张', 500)).toEqual(['张']);
  });
});
