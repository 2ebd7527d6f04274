import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellRequest, ORDER, REFUSED } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';

/** What is not credited from afar. */
export function remoteRefusals(start: () => Promise<GridHarness>): void {
  describe('a credit from afar', () => {
    const harness = eachHarness(start);
    /** What the meter got since `before`. */
    const meter = (household: HarnessHousehold = 'SLE4442') => harness.current.meter(household);

    it('is refused for what was never sold, and for a tombstone', async () => {
      const { gateway } = harness.current;
      expect(await failureOf(gateway.remoteCredit(ORDER))).toEqual({ ...REFUSED, refusal: 'not-sold' });
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'not-found' });
      await gateway.reverse(ORDER, 'not-found');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toEqual({ ...REFUSED, refusal: 'reversed' });
    });

    it('is not even sold over a card that was not inserted', async () => {
      const { gateway } = harness.current;
      const before = meter('not-inserted');
      const card = await gateway.identify(await harness.current.card('not-inserted').read());
      expect(await failureOf(gateway.sell(sellRequest(card, ORDER)))).toEqual({
        ...REFUSED,
        refusal: 'previous-not-inserted',
      });
      expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
      expect(meter('not-inserted')).toEqual(before);
    });
  });
}
