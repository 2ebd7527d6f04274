import { describe, expect, it } from 'vitest';
import { addLegs, imbalanceOf, turnoverOf } from './posting.ts';

const legs = [
  { account: 'a', fen: 700 },
  { account: 'b', fen: -300 },
  { account: 'b', fen: -400 },
];

describe('a posting', () => {
  it('is out of balance by what its legs add up to', () => {
    expect(imbalanceOf({ legs })).toBe(0);
    expect(imbalanceOf({ legs: legs.slice(1) })).toBe(-700);
    expect(imbalanceOf({ legs: [] })).toBe(0);
  });

  it('counts to the turnover of its accounts; those whose legs cancel are there with zero', () => {
    const back = legs.map(({ account, fen }) => ({ account, fen: -fen }));
    expect(Object.fromEntries(turnoverOf([{ legs }, { legs }]))).toEqual({ a: 1400, b: -1400 });
    expect(Object.fromEntries(turnoverOf([{ legs }, { legs: back }]))).toEqual({ a: 0, b: 0 });
    const sums = new Map([['a', 1]]);
    addLegs(sums, legs);
    expect(Object.fromEntries(sums)).toEqual({ a: 701, b: -700 });
  });
});
