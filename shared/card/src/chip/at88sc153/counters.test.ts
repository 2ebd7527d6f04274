import { describe, expect, it } from 'vitest';
import { burnt, codeOfTries, EIGHT_TRIES, FOUR_TRIES, triesOf } from './counters.ts';

describe('attempts counters of an AT88SC153', () => {
  it('stand for tries by table and not by their bits', () => {
    expect(FOUR_TRIES.map((code) => triesOf(code))).toEqual([4, 3, 2, 1, 0]);
    expect(EIGHT_TRIES.map((code) => triesOf(code, EIGHT_TRIES))).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it.each([
    ['four', FOUR_TRIES],
    ['eight', EIGHT_TRIES],
  ] as const)('of %s tries: every code at all, torn ones too, goes down by at least one', (_name, coding) => {
    for (let code = 0; code <= 0xff; code++) {
      const left = triesOf(code, coding);
      const next = burnt(code, coding);
      expect(code & next).toBe(next);
      expect(triesOf(next, coding)).toBe(Math.max(0, left - 1));
      expect(codeOfTries(left, coding) & ~code).toBe(0);
    }
  });

  it('take a code that a cut has left for the fuller one that it is not', () => {
    expect([0xfe, 0xef, 0xcd, 0xdd, 0x8c].map((code) => triesOf(code))).toEqual([3, 3, 2, 2, 1]);
  });
});
