import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import { MOST_FEN, NUMBERS, spell } from './amounts.ts';

function said(language: Language, fen: number): string {
  const ids = spell(language, fen) ?? [];
  return ids.map((id) => NUMBERS[language][id] ?? `?${id}?`).join(language === 'zh-CN' ? '' : ' ');
}

/** Reads spoken Chinese back, by the grammar and not by our parts. */
function readZh(text: string): number {
  const whole = (part: string): number => {
    const [high, low] = part.includes('万') ? part.split('万') : ['', part];
    if (high) return whole(high) * 10_000 + whole(low ?? '');
    let sum = 0;
    let digit = 0;
    for (const character of part) {
      const value = '零一二三四五六七八九'.indexOf(character === '两' ? '二' : character);
      const worth = { 十: 10, 百: 100, 千: 1000 }[character];
      if (worth !== undefined) {
        sum += (digit || 1) * worth;
        digit = 0;
      } else digit = value;
    }
    return sum + digit;
  };
  const [, yuan = '', jiao = '', fen = ''] = /^(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?$/.exec(text) ?? [];
  return whole(yuan) * 100 + whole(jiao) * 10 + whole(fen);
}

/** Reads words back that stand largest first, as English and Uyghur do. */
function readWords(
  text: string,
  words: Readonly<Record<string, string>>,
  units: Record<string, number>,
): number {
  const idOf = Object.fromEntries(Object.entries(words).map(([id, word]) => [word, id]));
  let [sum, thousands, below] = [0, 0, 0];
  for (const word of text.split(' ')) {
    const id = idOf[word] ?? '';
    if (id === 'n.thousand') [thousands, below] = [(below || 1) * 1000, 0];
    else if (id === 'n.hundred') below = (below || 1) * 100;
    else if (id.startsWith('u.')) {
      sum += (thousands + below) * (units[id] ?? NaN);
      [thousands, below] = [0, 0];
    } else if (id !== 'n.and') below += Number(id.slice(2));
  }
  return sum;
}

const READ: Readonly<Record<Language, (text: string) => number>> = {
  'zh-CN': readZh,
  en: (text) => readWords(text, NUMBERS.en, { 'u.yuan': 100, 'u.fen': 1 }),
  ug: (text) => readWords(text, NUMBERS.ug, { 'u.yuan': 100, 'u.mo': 10, 'u.pung': 1 }),
};

describe('an amount in words', () => {
  it.each([
    [0, '零元'],
    [2, '两分'],
    [20, '两角'],
    [22, '两角两分'],
    [200, '两元'],
    [1000, '十元'],
    [1005, '十元零五分'],
    [1200, '十二元'],
    [2200, '二十二元'],
    [5000, '五十元'],
    [10_500, '一百零五元'],
    [11_000, '一百一十元'],
    [11_200, '一百一十二元'],
    [12_350, '一百二十三元五角'],
    [20_000, '两百元'],
    [22_202, '两百二十二元零两分'],
    [100_500, '一千零五元'],
    [101_000, '一千零一十元'],
    [200_200, '两千零二元'],
    [1_000_200, '一万零二元'],
    [2_000_000, '两万元'],
    [10_001_000, '十万零一十元'],
    [12_000_000, '十二万元'],
    [10_100_000, '十万一千元'],
    [99_999_999, '九十九万九千九百九十九元九角九分'],
  ])('%d fen in Chinese', (fen, text) => {
    expect(said('zh-CN', fen)).toBe(text);
  });

  it.each([
    [5000, 'fifty yuan'],
    [12_350, 'one hundred and twenty three yuan and fifty fen'],
    [100_500, 'one thousand and five yuan'],
    [123_456, 'one thousand two hundred and thirty four yuan and fifty six fen'],
    [7, 'seven fen'],
  ])('%d fen in English', (fen, text) => {
    expect(said('en', fen)).toBe(text);
  });

  it.each([
    [0, 'نۆل يۈەن'],
    [5000, 'ئەللىك يۈەن'],
    [12_350, 'يۈز يىگىرمە ئۈچ يۈەن بەش مو'],
    [200_005, 'ئىككى مىڭ يۈەن بەش پۇڭ'],
  ])('%d fen in Uyghur', (fen, text) => {
    expect(said('ug', fen)).toBe(text);
  });

  it.each(LANGUAGES)('in %s, read back, is the amount again', (language) => {
    const small = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(fc.oneof(small, fc.integer({ min: 0, max: MOST_FEN })), (fen) => {
        expect(READ[language](said(language, fen)), said(language, fen)).toBe(fen);
      }),
    );
  });

  it.each([-1, 0.5, MOST_FEN + 1, NaN])('%d fen is not said at all', (fen) => {
    for (const language of LANGUAGES) expect(spell(language, fen)).toBeNull();
  });
});
