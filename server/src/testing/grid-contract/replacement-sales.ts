import { describe, expect, it } from 'vitest';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { buy, eachHarness, sellRequest, ORDER, SECOND } from './kit.ts';
import type { GridHarness, HarnessCard } from '../grid-harness.ts';
import { replaceBy } from './replacement.ts';

/** A sale moves along to the new card, and is credited once. */
export function replacementSales(start: () => Promise<GridHarness>): void {
  describe('a replacement card', () => {
    const harness = eachHarness(start);
    const replace = (customerNo: string, blank: HarnessCard, requestNo?: string) =>
      replaceBy(harness.current, { customerNo, blank, requestNo });

    it.each([...METER_CHIPS, 'first-purchase'] as const)(
      'for %s takes over a sale that was never written, under its count',
      async (household) => {
        const { gateway } = harness.current;
        const known = await gateway.identify(await harness.current.card(household).read());
        const sale = await gateway.sell(sellRequest(known, ORDER));
        const card = harness.current.stock(known.chip as (typeof METER_CHIPS)[number]);
        const replacement = await replace(known.customerNo, card);
        expect(replacement).toMatchObject({ count: sale.count, openOrderNo: ORDER });
        await card.write(replacement.plan);
        expect(card.insert()).toMatchObject({ creditedFen: sale.creditFen, count: sale.count, error: null });
        expect(card.insert()).toMatchObject({ creditedFen: 0, error: null });
        expect(await gateway.identify(await card.read())).toMatchObject({ previousInserted: true });
      },
    );

    it.each(['the old card', 'the new card'] as const)(
      'and the lost one with the same purchase credit once, %s first',
      async (first) => {
        const { gateway } = harness.current;
        const old = harness.current.card('SLE4442');
        const { customerNo } = await gateway.identify(await old.read());
        await buy(harness.current, old, ORDER);
        const card = harness.current.stock('SLE4442');
        await card.write((await replace(customerNo, card)).plan);
        const [one, other] = first === 'the old card' ? [old, card] : [card, old];
        expect(one.insert()).toMatchObject({ creditedFen: 5000, error: null });
        expect(other.insert()).toMatchObject({ creditedFen: 0 });
        // However it went, the new card is good for the next purchase.
        await buy(harness.current, card, SECOND);
        expect(card.insert()).toMatchObject({ creditedFen: 5000, error: null });
      },
    );

    it('is made from what a counter sold and this book does not know', async () => {
      const { gateway } = harness.current;
      const old = harness.current.card('not-inserted');
      const { customerNo, soldCount } = await gateway.identify(await old.read());
      const card = harness.current.stock('CPU');
      const replacement = await replace(customerNo, card);
      expect(replacement).toMatchObject({ count: soldCount, openOrderNo: null });
      await card.write(replacement.plan);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: soldCount, error: null });
      expect(old.insert()).toMatchObject({ creditedFen: 0, error: 13 });
    });
  });
}
