import { describe, expect, it } from 'vitest';
import { daysIn, listed, owedOf, payableSpan, waiting } from './unpaid.ts';

const day = (name: string, owedFen: number | null) => ({
  ...{ day: `2026-03-0${name}`, owedFen, stale: false },
  state: owedFen === null ? ('none' as const) : ('done' as const),
});
/** The 1st to the 3rd can be paid, the 2nd and 3rd owe nothing. */
const DAYS = {
  ...{ next: '2026-03-01', payableTo: '2026-03-03' },
  unpaid: [day('1', 5000), day('4', null), day('5', 700)],
};
const NONE = { next: '2026-03-04', payableTo: null, unpaid: DAYS.unpaid.slice(1) };

describe('days that a transfer can pay', () => {
  it('go on over those that owe nothing', () => {
    expect(payableSpan(DAYS)).toEqual({ from: '2026-03-01', to: '2026-03-03' });
    expect(payableSpan(NONE)).toBeUndefined();
    expect(payableSpan({ ...NONE, next: null, unpaid: [] })).toBeUndefined();
  });

  it('are counted, also over years', () => {
    expect(daysIn({ from: '2026-03-01', to: '2026-03-01' })).toBe(1);
    expect(daysIn({ from: '2026-01-01', to: '2036-01-07' })).toBe(3659);
  });

  it('are listed with the next three that wait', () => {
    const wait = ['4', '5', '6', '7', '8'].map((each) => day(each, null));
    const found = listed({ ...DAYS, unpaid: [day('1', 5000), ...wait] });
    expect(found.map((each) => each.day.at(-1))).toEqual([...'1456']);
    expect(listed(DAYS)).toEqual(DAYS.unpaid);
    expect([waiting(DAYS), waiting(NONE)]).toEqual([2, 2]);
  });

  it('come to a sum only where each is known', () => {
    expect(owedOf(DAYS, { from: '2026-03-01', to: '2026-03-02' })).toBe(5000);
    expect(owedOf(DAYS, { from: '2026-03-02', to: '2026-03-03' })).toBe(0);
    expect(owedOf(DAYS, { from: '2026-03-01', to: '2026-03-04' })).toBeUndefined();
    expect(owedOf(DAYS, { from: '2026-02-28', to: '2026-03-01' })).toBeUndefined();
    expect(owedOf(DAYS, { from: '2026-03-02', to: '2026-03-01' })).toBeUndefined();
    expect(owedOf(NONE, { from: '2026-03-04', to: '2026-03-04' })).toBeUndefined();
  });
});
