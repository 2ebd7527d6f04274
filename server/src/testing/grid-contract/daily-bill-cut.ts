import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellTo, ORDER } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';
import { billOfDay, statusOnDay } from './day-bill.ts';

/** What belongs to which day. */
export function dailyBillCut(start: () => Promise<GridHarness>): void {
  describe('a daily bill', () => {
    const harness = eachHarness(start);
    const sell = (orderNo: string, household: HarnessHousehold = 'SLE4442') =>
      sellTo(harness.current, household, orderNo);
    const billOf = (day: string) => billOfDay(harness.current, day);
    const statusOf = (day: string, orderNo: string) => statusOnDay(harness.current, day, orderNo);

    it('is refused before the day is cut', async () => {
      const { gateway } = harness.current;
      const day = harness.current.cutDay();
      const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      expect((await billOf(day)).totals.sales).toBe(0);
      expect(await failureOf(gateway.dailyBill(next))).toEqual({ code: 'grid.refused', refusal: 'day-cut' });
    });

    it('never changes: a reversal after the cut is of its own day', async () => {
      const { gateway } = harness.current;
      await sell(ORDER);
      const first = harness.current.cutDay();
      const bill = await billOf(first);
      await gateway.reverse(ORDER, 'requested');
      const second = harness.current.cutDay();
      expect(await billOf(first)).toEqual(bill);
      expect(await statusOf(first, ORDER)).toEqual(['sold']);
      expect(await statusOf(second, ORDER)).toEqual(['reversed']);
    });

    it('has a sale that the cut fell into on the day after', async () => {
      harness.current.fault('sell', 'day-cut');
      await sell(ORDER);
      const day = harness.current.cutDay();
      const before = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
      expect(await statusOf(before, ORDER)).toEqual([]);
      expect(await statusOf(day, ORDER)).toEqual(['sold']);
    });
  });
}
