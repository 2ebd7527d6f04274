import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { describe, expect, it } from 'vitest';
import { buy, eachHarness, failureOf, sellRequest, ORDER, SECOND } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** What is bought reaches the meter, once, whatever the card. */
export function purchases(start: () => Promise<GridHarness>): void {
  describe('a purchase', () => {
    const harness = eachHarness(start);

    it.each([...METER_CHIPS, 'first-purchase'] as const)(
      'on %s reaches the meter exactly once',
      async (kind) => {
        const card = harness.current.card(kind);
        await buy(harness.current, card, ORDER);
        expect(card.insert()).toMatchObject({ creditedFen: 5000, error: null });
        expect(card.insert()).toMatchObject({ creditedFen: 0, error: null });
      },
    );

    it.each([...METER_CHIPS, 'first-purchase'] as const)(
      'on %s can follow another that was inserted',
      async (kind) => {
        const card = harness.current.card(kind);
        await buy(harness.current, card, ORDER);
        const first = card.insert();
        await buy(harness.current, card, SECOND, 12_345);
        expect(card.insert()).toMatchObject({ creditedFen: 12_345, count: first.count + 1, error: null });
      },
    );

    it('takes arrears first, and says so', async () => {
      const card = harness.current.card('arrears');
      const { gateway } = harness.current;
      const image = await card.read();
      const known = await gateway.identify(image);
      expect(known.arrearsFen).toBeGreaterThan(0);
      const sale = await gateway.sell(sellRequest(known, ORDER));
      expect(sale).toMatchObject({ faceFen: 5000, arrearsFen: known.arrearsFen });
      expect(sale.creditFen).toBe(5000 - known.arrearsFen - sale.feeFen);
      await gateway.returnData(ORDER, image.regions);
      await card.write(await gateway.writePlan(ORDER, image));
      expect(card.insert().creditedFen).toBe(sale.creditFen);
    });

    it('that the meter has credited is not written again', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      await buy(harness.current, card, ORDER);
      card.insert();
      const image = await card.read();
      await gateway.returnData(ORDER, image.regions);
      expect(await failureOf(gateway.writePlan(ORDER, image))).toEqual({
        code: 'grid.refused',
        refusal: 'count',
      });
    });
  });
}
