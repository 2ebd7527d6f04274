import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellRequest } from './grid-contract-kit.ts';
import type { GridHarness } from './grid-harness.ts';
import { readBill } from './text-bill.ts';

const ORDER = '260115100000000001';
const SECOND = '260115100000000002';

/** The bill of a day: what it must add up to, and what belongs to which day. */
export function dailyBillContract(
  start: () => Promise<GridHarness>,
  offers: { readonly remote: boolean },
): void {
  describe('a daily bill', () => {
    const harness = eachHarness(start);
    const sell = async (orderNo: string, household: 'SLE4442' | 'CPU' | 'arrears' = 'SLE4442') => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card(household).read());
      return gateway.sell(sellRequest(card, orderNo));
    };
    const billOf = async (day: string): ReturnType<typeof readBill> =>
      readBill(await harness.current.gateway.dailyBill(day));
    const statusOf = async (day: string, orderNo: string): Promise<(string | undefined)[]> =>
      (await billOf(day)).lines.filter(([no]) => no === orderNo).map((line) => line[10]);

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

    it('that does not come is unavailable: it is asked for again', async () => {
      const day = harness.current.cutDay();
      harness.current.fault('dailyBill', 'garbage-signature');
      expect((await failureOf(harness.current.gateway.dailyBill(day))).code).toBe('grid.unavailable');
      expect((await billOf(day)).day).toBe(day);
    });
  });
}
