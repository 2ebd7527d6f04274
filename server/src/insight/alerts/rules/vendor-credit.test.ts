import { expect, it } from 'vitest';
import type { KnownCredit } from '../../../money/vendor-credit/credit-store.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { daysLeft } from '../../../money/vendor-credit/days-left.ts';
import { vendorCreditShort, type CreditFact } from './vendor-credit.ts';

/** Noon in China, on a Monday. */
const NOON = new Date('2026-03-02T04:00:00Z');
/** Mondays sell 100.00, Saturdays and Sundays 300.00, other days 200.00. */
const WEEK = [10_000, 20_000, 20_000, 20_000, 20_000, 30_000, 30_000];

it.each([
  // Half of Monday is still to come: 50.00.
  [2_500, 0.25],
  [5_000, 0.5],
  [15_000, 1],
  [25_000, 1.5],
  // Monday's half, Tuesday to Friday, half of Saturday.
  [5_000 + 80_000 + 15_000, 5],
  // A week sells 1,500.00, of which 50.00 are over: seven days later it is Monday noon again.
  [150_000, 7],
  [10_000_000, null],
  [0, 0],
])('%d fen last %d days by what each day of the week sold', (fen, days) => {
  expect(daysLeft(fen, { paidFen: WEEK, now: NOON })).toBe(days);
});

it('says nothing where nothing was sold', () => {
  expect(daysLeft(1, { paidFen: [0, 0, 0, 0, 0, 0, 0], now: NOON })).toBeNull();
});

const known: KnownCredit = { availableFen: 1_000_000, asOf: NOON, batch: 'open', refusedAt: null };
const judged = (over: Partial<KnownCredit>, more: Partial<CreditFact> = {}) =>
  vendorCreditShort(
    { known: { ...known, ...over }, paidFen: WEEK, unsold: [], ...more },
    { now: NOON, limits: DEFAULT_LIMITS },
  );
const MINUTE = 60_000;
const waits = (minutes: number) => ({
  sale: { status: 'none' as const, noCreditAt: new Date(NOON.getTime() - minutes * MINUTE) },
});

it('tells of the days that are left in two steps, and of nothing while there are many', () => {
  expect(judged({})).toEqual([]);
  expect(judged({ availableFen: null, asOf: null })).toEqual([]);
  expect(judged({ availableFen: 45_000 })).toMatchObject([
    { rule: 'grid.credit-low', level: 1, facts: { days: 2.5, yuan: 450 } },
  ]);
  expect(judged({ availableFen: 15_000 })).toMatchObject([{ rule: 'grid.credit-low', level: 3 }]);
});

it('tells at once that it is gone: orders wait for it, the grid refused, or nothing is left', () => {
  expect(judged({}, { unsold: [waits(3), { sale: { status: 'unknown' } }, waits(5)] })).toMatchObject([
    { rule: 'grid.credit-gone', count: 2, since: new Date(NOON.getTime() - 5 * MINUTE) },
  ]);
  for (const over of [
    { availableFen: 99 },
    { batch: 'closed' },
    { refusedAt: NOON, availableFen: null },
  ] as const) {
    expect(judged(over)).toMatchObject([{ rule: 'grid.credit-gone', count: 0 }]);
  }
});
