import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellTo, ORDER, REFUSED } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';

/** A meter from which nothing is heard gets its credit once. */
export function silentMeters(start: () => Promise<GridHarness>): void {
  describe('a credit from afar', () => {
    const harness = eachHarness(start);
    const sell = (household: HarnessHousehold = 'SLE4442') => sellTo(harness.current, household);
    /** What the meter got since `before`. */
    const meter = (household: HarnessHousehold = 'SLE4442') => harness.current.meter(household);

    it('of a meter that is offline is pending: no plan and no reversal meanwhile, then credited', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      const sale = await sell();
      harness.current.link('SLE4442', 'offline');
      expect((await failureOf(gateway.remoteCredit(ORDER))).code).toBe('grid.unknown');
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'pending' });
      await gateway.returnData(ORDER, image.regions);
      expect(await failureOf(gateway.writePlan(ORDER, image))).toMatchObject(REFUSED);
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
      harness.current.link('SLE4442', 'online');
      expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'credited' });
      expect(meter().count).toBe(sale.count);
    });

    it('whose answer the meter’s line lost is credited once', async () => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      harness.current.link('SLE4442', 'answer-lost');
      expect((await failureOf(gateway.remoteCredit(ORDER))).code).toBe('grid.unknown');
      expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'credited' });
      expect(meter().balanceFen).toBe(before + sale.creditFen);
    });
  });
}

/** A meter that will not take a credit from afar leaves the sale to its card, or to a reversal. */
export function refusingMeters(start: () => Promise<GridHarness>): void {
  describe('a credit from afar', () => {
    const harness = eachHarness(start);
    const sell = (household: HarnessHousehold = 'SLE4442') => sellTo(harness.current, household);
    /** What the meter got since `before`. */
    const meter = (household: HarnessHousehold = 'SLE4442') => harness.current.meter(household);

    it('that fails for good leaves the sale, which then goes on its card', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const image = await card.read();
      await sell();
      harness.current.link('SLE4442', 'dead');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
      expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'failed' });
      expect(await gateway.queryOriginal(ORDER)).toMatchObject({ status: 'sold' });
      await gateway.returnData(ORDER, image.regions);
      await card.write(await gateway.writePlan(ORDER, image));
      expect(card.insert()).toMatchObject({ creditedFen: 5000, error: null });
      harness.current.link('SLE4442', 'online');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
      expect(card.insert()).toMatchObject({ creditedFen: 0 });
    });

    it('that fails for good can be reversed, and then never credits', async () => {
      const { gateway } = harness.current;
      await sell();
      const before = meter().balanceFen;
      harness.current.link('SLE4442', 'dead');
      await failureOf(gateway.remoteCredit(ORDER));
      expect(await gateway.reverse(ORDER, 'requested')).toEqual({ status: 'reversed' });
      harness.current.link('SLE4442', 'online');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toEqual({ ...REFUSED, refusal: 'reversed' });
      expect(meter().balanceFen).toBe(before);
    });

    it.each(['ceiling', 'first-purchase'] as const)(
      'that a meter will not take (%s) has failed for good',
      async (household) => {
        const { gateway } = harness.current;
        const before = meter(household).balanceFen;
        await sell(household);
        expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
        expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'failed' });
        expect(meter(household).balanceFen).toBe(before);
      },
    );
  });
}
