import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKey } from './reference.ts';

/** As a person may type the same character. */
const spellings = (char: string): string[] => {
  const code = char.charCodeAt(0);
  const wide = String.fromCharCode(code + 0xfe_e0);
  return [char, char.toLowerCase(), wide, wide.toLowerCase()];
};
const SPACES = ['', '', ' ', '\u00A0', '\u3000', '\t', '\u200B'];

describe('a bank reference', () => {
  it('is the same however it is spaced, cased and how wide it is', () => {
    const character = fc.constantFrom(...'ABCXYZ0189-/_.');
    const spelled = fc
      .array(
        fc.record({
          char: character,
          one: fc.nat(3),
          other: fc.nat(3),
          spaces: fc.tuple(fc.nat(6), fc.nat(6)),
        }),
        { minLength: 1, maxLength: 30 },
      )
      .map((all) => ({
        plain: all.map(({ char }) => char).join(''),
        one: all.map(({ char, one, spaces }) => (SPACES[spaces[0]] ?? '') + spellings(char)[one]).join(''),
        other: all
          .map(({ char, other, spaces }) => spellings(char)[other] + (SPACES[spaces[1]] ?? ''))
          .join(''),
      }));
    fc.assert(
      fc.property(spelled, ({ plain, one, other }) => {
        expect(referenceKey(one)).toBe(plain);
        expect(referenceKey(other)).toBe(plain);
      }),
    );
  });

  it('is another where a letter, digit or mark is', () => {
    const keys = ['BANK-7', 'BANK-07', 'BANK7', 'BANK-1', 'BANK-I', '流水号7', '流水7'].map(referenceKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has a key that is its own key, whatever somebody typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        const key = referenceKey(any);
        expect(referenceKey(key)).toBe(key);
      }),
    );
  });
});
