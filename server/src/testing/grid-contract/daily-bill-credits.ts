import { describe, expect, it } from 'vitest';
import { eachHarness, sellRequest, sellTo, ORDER } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';
import { billOfDay, statusOnDay } from './day-bill.ts';

/** What the bill says of credits, from afar and by card. */
export function dailyBillCredits(
  start: () => Promise<GridHarness>,
  offers: { readonly remote: boolean },
): void {
  describe('a daily bill', () => {
    const harness = eachHarness(start);
    const sell = (orderNo: string, household: HarnessHousehold = 'SLE4442') =>
      sellTo(harness.current, household, orderNo);
    const billOf = (day: string) => billOfDay(harness.current, day);
    const statusOf = (day: string, orderNo: string) => statusOnDay(harness.current, day, orderNo);

    it.runIf(offers.remote)('names credits from afar, which are no money of their own', async () => {
      const { gateway } = harness.current;
      await sell(ORDER);
      await gateway.remoteCredit(ORDER);
      const bill = await billOf(harness.current.cutDay());
      expect(bill.totals).toEqual({ sales: 1, soldFen: 5000, reversals: 0, reversedFen: 0 });
      expect(bill.lines.map((line) => line.slice(9, 11))).toEqual([
        ['remote', 'sold'],
        ['remote', 'credited'],
      ]);
    });

    it('names a credit by card on the day on which the grid learnt of it, from what the meter left there', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const sale = await gateway.sell(sellRequest(await gateway.identify(await card.read()), ORDER));
      const soldOn = harness.current.cutDay();
      const image = await card.read();
      await gateway.returnData(ORDER, image.regions);
      await card.write(await gateway.writePlan(ORDER, image));
      card.insert();
      await gateway.identify(await card.read());
      const learnt = harness.current.cutDay();
      expect(await statusOf(soldOn, ORDER)).toEqual(['sold']);
      const { lines } = await billOf(learnt);
      expect(lines.map((line) => [line[0], line[6], ...line.slice(9, 11)])).toEqual([
        [ORDER, String(sale.creditFen), 'card', 'credited'],
      ]);
    });
  });
}
