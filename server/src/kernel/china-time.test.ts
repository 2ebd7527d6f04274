import { describe, expect, it } from 'vitest';
import { dayPlus, daysBetween, daysOfMonth } from './china-time.ts';

describe('days of a calendar', () => {
  it('are those of a month, also of a leap year and at the ends of what four digits say', () => {
    expect(daysOfMonth('2026-02')).toEqual({ first: '2026-02-01', last: '2026-02-28' });
    expect(daysOfMonth('2028-02')).toEqual({ first: '2028-02-01', last: '2028-02-29' });
    expect(daysOfMonth('2026-12')).toEqual({ first: '2026-12-01', last: '2026-12-31' });
    expect(daysOfMonth('0000-01')).toEqual({ first: '0000-01-01', last: '0000-01-31' });
    expect(daysOfMonth('0099-04')).toEqual({ first: '0099-04-01', last: '0099-04-30' });
  });

  it('are listed to the last, which may be the last that there is', () => {
    expect(daysBetween('2026-02-27', '2026-03-02')).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(daysBetween('9999-12-30', '9999-12-31')).toEqual(['9999-12-30', '9999-12-31']);
    expect(daysBetween('2026-03-02', '2026-03-01')).toEqual([]);
  });

  it('follow each other over the ends of months and years', () => {
    expect(dayPlus('2026-12-31', 1)).toBe('2027-01-01');
    expect(dayPlus('2028-03-01', -1)).toBe('2028-02-29');
  });
});
