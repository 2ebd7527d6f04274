import { describe, expect, it } from 'vitest';
import { TextSet } from './text-set.ts';

describe('a set of texts', () => {
  it('tells which it sees for the first time, however many there are', () => {
    const set = new TextSet();
    const texts = Array.from({ length: 20_000 }, (_, n) => `2603011000${String(n).padStart(8, '0')}`);
    expect(texts.every((text) => set.add(text))).toBe(true);
    expect(texts.some((text) => set.add(text))).toBe(false);
    expect(['', '电', '电 ', ' 电'].map((text) => set.add(text))).toEqual([true, true, true, true]);
    expect(set.add('')).toBe(false);
  });
});
