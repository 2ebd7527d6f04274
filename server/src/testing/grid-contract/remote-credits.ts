import { describe, expect, it } from 'vitest';
import { buy, eachHarness, failureOf, sellTo, ORDER, SECOND, REFUSED } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';

/** Money and count that go to the meter from afar: once, and then on no card. */
export function remoteCredits(start: () => Promise<GridHarness>): void {
  describe('a credit from afar', () => {
    const harness = eachHarness(start);
    const sell = (household: HarnessHousehold = 'SLE4442') => sellTo(harness.current, household);
    /** What the meter got since `before`. */
    const meter = (household: HarnessHousehold = 'SLE4442') => harness.current.meter(household);

    it('reaches the meter once, however often it is asked for', async () => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'not-found' });
      const credit = await gateway.remoteCredit(ORDER);
      expect(credit).toMatchObject({ orderNo: ORDER, count: sale.count, creditFen: sale.creditFen });
      expect(credit.balanceFen).toBe(before + sale.creditFen);
      expect(await gateway.remoteCredit(ORDER)).toEqual(credit);
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'credited', credit });
      expect(meter()).toMatchObject({ balanceFen: before + sale.creditFen, count: sale.count });
    });

    it('leaves the card behind, and the next purchase on it follows the meter’s count', async () => {
      const { gateway } = harness.current;
      const sale = await sell();
      await gateway.remoteCredit(ORDER);
      const card = harness.current.card('SLE4442');
      const known = await gateway.identify(await card.read());
      expect(known).toMatchObject({
        soldCount: sale.count,
        creditedCount: sale.count,
        cardCount: sale.count - 1,
        previousInserted: true,
        balanceFen: meter().balanceFen,
      });
      await buy(harness.current, card, SECOND);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: sale.count + 1, error: null });
    });

    it('is written on no card any more', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      await sell();
      await gateway.remoteCredit(ORDER);
      await gateway.returnData(ORDER, image.regions);
      expect(await failureOf(gateway.writePlan(ORDER, image))).toEqual({ ...REFUSED, refusal: 'count' });
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
    });
  });
}
