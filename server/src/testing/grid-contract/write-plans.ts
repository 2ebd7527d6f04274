import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellRequest, ORDER } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** The plan of a sale: the same however often it is asked for, for one card, after its return data. */
export function writePlans(start: () => Promise<GridHarness>): void {
  describe('a purchase', () => {
    const harness = eachHarness(start);

    it('has the same plan however often it is asked for, and the plan is put on one card only', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const image = await card.read();
      await gateway.sell(sellRequest(await gateway.identify(image), ORDER));
      await gateway.returnData(ORDER, image.regions);
      expect(await gateway.writePlan(ORDER, image)).toEqual(await gateway.writePlan(ORDER, image));
      const other = await harness.current.card('arrears').read();
      expect(await failureOf(gateway.writePlan(ORDER, other))).toMatchObject({ code: 'grid.refused' });
    });

    it('blanks no return data that was not sent first', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      await gateway.sell(sellRequest(await gateway.identify(image), ORDER));
      expect(await failureOf(gateway.writePlan(ORDER, image))).toMatchObject({ code: 'grid.refused' });
    });
  });
}
