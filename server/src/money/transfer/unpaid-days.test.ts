import { describe, expect, it } from 'vitest';
import { dayPlus, daysBetween } from '../../kernel/china-time.ts';
import { comparedDay } from '../../testing/compared-day.ts';
import { unpaidDays } from './unpaid-days.ts';

const NEXT = '2025-01-01';

/** Every day of these years was compared; of the named ones alone something is owed, null: they wait. */
async function unpaidOf(owed: Readonly<Record<string, number | null>>, last: string) {
  const read: number[] = [];
  const list = (from: string, to: string) => {
    const days = daysBetween(from, to).filter((day) => owed[day] !== null);
    read.push(daysBetween(from, to).length);
    return Promise.resolve(days.map((day) => comparedDay(day, owed[day] ?? 0)));
  };
  return { ...(await unpaidDays({ list }, { grid: 'collection-v1', next: NEXT, last })), read };
}

describe('days that are not paid', () => {
  it('are those that owe something or wait, however long nothing was sold before', async () => {
    const { unpaid, payableTo, read } = await unpaidOf(
      { '2026-06-01': 700, '2026-06-10': null, '2026-06-12': 5 },
      '2026-06-30',
    );
    expect(unpaid.map(({ day, owedFen }) => [day, owedFen])).toEqual([
      ['2026-06-01', 700],
      ['2026-06-10', null],
      ['2026-06-12', 5],
    ]);
    expect(payableTo).toBe('2026-06-09');
    expect(Math.max(...read)).toBe(93);
    expect(read.reduce((sum, each) => sum + each, 0)).toBe(daysBetween(NEXT, '2026-06-30').length);
  });

  it('can be paid to the last where none waits, and not at all where the first does', async () => {
    expect(await unpaidOf({ '2025-01-02': 5 }, '2025-01-04')).toMatchObject({ payableTo: '2025-01-04' });
    expect(await unpaidOf({ [NEXT]: null }, '2025-01-04')).toMatchObject({ payableTo: null });
  });

  it('are 93 at most, and can be paid to the day before the next one', async () => {
    const owed = Object.fromEntries(daysBetween(NEXT, dayPlus(NEXT, 92)).map((day) => [day, 1]));
    const { unpaid, payableTo } = await unpaidOf({ ...owed, '2026-01-01': 1 }, '2026-02-01');
    expect([unpaid.length, payableTo]).toEqual([93, '2025-12-31']);
  });

  it('are looked for in ten years at most', async () => {
    const { unpaid, payableTo, read } = await unpaidOf({ '2037-01-01': 1 }, '2037-02-01');
    expect([unpaid, payableTo]).toEqual([[], dayPlus(NEXT, 3659)]);
    expect(read.reduce((sum, each) => sum + each, 0)).toBe(3660);
  });
});
