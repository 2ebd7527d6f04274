import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellTo, ORDER, SECOND } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';
import { billOfDay, statusOnDay } from './day-bill.ts';

/** The bill of a day: what it must add up to, and that it can be read again. */
export function dailyBill(start: () => Promise<GridHarness>): void {
  describe('a daily bill', () => {
    const harness = eachHarness(start);
    const sell = (orderNo: string, household: HarnessHousehold = 'SLE4442') =>
      sellTo(harness.current, household, orderNo);
    const billOf = (day: string) => billOfDay(harness.current, day);
    const statusOf = (day: string, orderNo: string) => statusOnDay(harness.current, day, orderNo);

    it('has a line for each sale and reversal of its day, and adds up', async () => {
      const { gateway } = harness.current;
      const sale = await sell(ORDER, 'arrears');
      await sell(SECOND);
      await gateway.reverse(SECOND, 'requested');
      const day = harness.current.cutDay();
      const bill = await billOf(day);
      const { lines } = bill;
      expect(bill.day).toBe(day);
      expect(bill.totals).toEqual({ sales: 2, soldFen: 10_000, reversals: 1, reversedFen: 5000 });
      expect(bill.receivedSha256).toBe(bill.sha256);
      expect(lines.every((line) => line.length === 12)).toBe(true);
      expect(lines.find(([orderNo]) => orderNo === ORDER)).toEqual([
        ORDER,
        sale.saleNo,
        expect.any(String),
        expect.any(String),
        String(sale.count),
        '5000',
        String(sale.creditFen),
        String(sale.arrearsFen),
        String(sale.feeFen),
        'card',
        'sold',
        expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      ]);
      expect(await statusOf(day, SECOND)).toEqual(['sold', 'reversed']);
      expect(await billOf(day)).toEqual(bill);
    });

    it('is read as often as wanted until it is closed', async () => {
      await sell(ORDER);
      const bill = await harness.current.gateway.dailyBill(harness.current.cutDay());
      const texts: string[] = [];
      for (const time of [0, 1]) {
        texts.push('');
        for await (const piece of bill.content()) texts[time] += piece;
      }
      expect(texts[0]).toContain(ORDER);
      expect(texts[1]).toBe(texts[0]);
      await bill.close();
    });

    it('that does not come is unavailable: it is asked for again', async () => {
      const day = harness.current.cutDay();
      harness.current.fault('dailyBill', 'garbage-signature');
      expect((await failureOf(harness.current.gateway.dailyBill(day))).code).toBe('grid.unavailable');
      expect((await billOf(day)).day).toBe(day);
    });
  });
}
