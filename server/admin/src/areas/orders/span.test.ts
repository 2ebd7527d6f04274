import { describe, expect, it } from 'vitest';
import { spanOf } from './span.ts';

describe('spans', () => {
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
});
