import { describe, expect, it } from 'vitest';
import { buy, eachHarness, failureOf, sellRequest, ORDER, SECOND } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** A reversal undoes a sale, or leaves a tombstone where there is none. */
export function reversals(start: () => Promise<GridHarness>): void {
  describe('a reversal', () => {
    const harness = eachHarness(start);

    it('undoes a sale whose plan never went out; the count is free again, the number is not', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const known = await gateway.identify(await card.read());
      const request = sellRequest(known, ORDER);
      await gateway.sell(request);
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'not-found' });
      expect(await gateway.reverse(ORDER, 'not-found')).toEqual({ status: 'reversed' });
      expect(await gateway.reverse(ORDER, 'not-found')).toEqual({ status: 'reversed' });
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'reversed' });
      expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'reversed' });
      expect(await failureOf(gateway.sell(request))).toEqual({ code: 'grid.refused', refusal: 'reversed' });
      await buy(harness.current, card, SECOND);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: request.count });
    });

    it('gives arrears back', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('arrears');
      const before = await gateway.identify(await card.read());
      await gateway.sell(sellRequest(before, ORDER));
      expect((await gateway.identify(await card.read())).arrearsFen).toBe(0);
      await gateway.reverse(ORDER, 'not-found');
      expect((await gateway.identify(await card.read())).arrearsFen).toBe(before.arrearsFen);
    });

    it('of a number that was never seen leaves a tombstone', async () => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card('SLE4442').read());
      expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'not-found' });
      expect(await gateway.reverse(ORDER, 'not-found')).toEqual({ status: 'reversed' });
      expect(await failureOf(gateway.sell(sellRequest(card, ORDER)))).toEqual({
        code: 'grid.refused',
        refusal: 'reversed',
      });
      expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'reversed' });
    });
  });
}

/** What has left for the meter is not undone. */
export function refusedReversals(start: () => Promise<GridHarness>): void {
  describe('a reversal', () => {
    const harness = eachHarness(start);

    it.each(['released', 'credited'] as const)('is refused once the plan is %s', async (how) => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      if (how === 'credited') {
        await buy(harness.current, card, ORDER);
        card.insert();
        await gateway.identify(await card.read());
      } else {
        const image = await card.read();
        await gateway.sell(sellRequest(await gateway.identify(image), ORDER));
        await gateway.returnData(ORDER, image.regions);
        await gateway.writePlan(ORDER, image);
      }
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'refused' });
      expect(await gateway.queryOriginal(ORDER)).toMatchObject({ status: 'sold' });
    });
  });
}
