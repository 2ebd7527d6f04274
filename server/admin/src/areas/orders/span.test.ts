import { describe, expect, it } from 'vitest';
import { fenOf, spanOf } from './span.ts';

describe('spans and amounts', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [2400, '2.4 s'],
    [185_000, '3 min 5 s'],
    [7_440_000, '2 h 4 min'],
    [266_400_000, '3 d 2 h'],
  ])('%i ms is %s', (ms, words) => {
    expect(spanOf(ms)).toBe(words);
  });

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
});
