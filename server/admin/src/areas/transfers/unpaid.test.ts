import { describe, expect, it } from 'vitest';
import { listed, owedOf, payable } from './unpaid.ts';

const day = (name: string, owedFen: number | null) => ({
  ...{ day: `2026-03-0${name}`, owedFen, stale: false },
  state: owedFen === null ? ('none' as const) : ('done' as const),
});
const DAYS = [day('1', 5000), day('2', 0), day('3', null), day('4', 700)];

describe('days that a transfer can pay', () => {
  it('end before the first that was not compared', () => {
    expect(payable(DAYS).map((each) => each.day)).toEqual(['2026-03-01', '2026-03-02']);
    expect(payable(DAYS.slice(0, 2))).toHaveLength(2);
    expect(payable(DAYS.slice(2))).toEqual([]);
  });

  it('are listed with the next three that wait', () => {
    const waiting = ['3', '4', '5', '6', '7'].map((each) => day(each, null));
    expect(listed([...DAYS.slice(0, 2), ...waiting]).map((each) => each.day.at(-1))).toEqual([...'12345']);
    expect(listed(DAYS)).toEqual(DAYS);
  });

  it('come to a sum only where each is known', () => {
    expect(owedOf(DAYS, { from: '2026-03-01', to: '2026-03-02' })).toBe(5000);
    expect(owedOf(DAYS, { from: '2026-03-02', to: '2026-03-02' })).toBe(0);
    expect(owedOf(DAYS, { from: '2026-03-01', to: '2026-03-03' })).toBeUndefined();
    expect(owedOf(DAYS, { from: '2026-03-01', to: '2026-03-09' })).toBeUndefined();
    expect(owedOf(DAYS, { from: '2026-02-28', to: '2026-03-01' })).toBeUndefined();
    expect(owedOf([], { from: '2026-03-01', to: '2026-03-01' })).toBeUndefined();
  });
});
