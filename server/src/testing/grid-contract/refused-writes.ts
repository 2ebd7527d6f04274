import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellRequest, ORDER } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** What is written on no card. */
export function refusedWrites(start: () => Promise<GridHarness>): void {
  describe('refuses', () => {
    const harness = eachHarness(start);

    it('a plan, return data and a written card for what was never sold', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      const expected = { code: 'grid.refused', refusal: 'not-sold' };
      expect(await failureOf(gateway.writePlan(ORDER, image))).toEqual(expected);
      expect(await failureOf(gateway.returnData(ORDER, image.regions))).toEqual(expected);
      expect(await failureOf(gateway.confirmWrite(ORDER, ''))).toEqual(expected);
    });

    it('to authorise a CPU card that does not prove to be genuine', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('CPU').read();
      await gateway.sell(sellRequest(await gateway.identify(image), ORDER));
      await gateway.returnData(ORDER, image.regions);
      await gateway.writePlan(ORDER, image);
      const gathered = { internalAuth: '00'.repeat(8), challenge: '00'.repeat(8) };
      const expected = { code: 'grid.refused', refusal: 'authentication' };
      expect(await failureOf(gateway.authorise({ orderNo: ORDER, stage: 1, gathered }))).toEqual(expected);
      const skipped = { macChallenge: '00'.repeat(4) };
      expect(await failureOf(gateway.authorise({ orderNo: ORDER, stage: 2, gathered: skipped }))).toEqual(
        expected,
      );
    });
  });
}
