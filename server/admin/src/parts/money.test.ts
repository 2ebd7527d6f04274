import { describe, expect, it } from 'vitest';
import { fenOf, yuanOf } from './money.ts';

describe('amounts that are typed', () => {
  it.each([
    ['12', 1200],
    ['12.3', 1230],
    [' 0.05 ', 5],
    ['12.345', undefined],
    ['-1', undefined],
    ['', undefined],
    ['1e3', undefined],
  ])('%s yuan is %s fen', (yuan, fen) => {
    expect(fenOf(yuan)).toBe(fen);
  });

  it('are shown as they would be typed', () => {
    expect(yuanOf(1230)).toBe('12.30');
    expect(fenOf(yuanOf(99_999_999))).toBe(99_999_999);
  });
});
