import { describe, expect, it } from 'vitest';
import { buy, eachHarness, failureOf, sellRequest, ORDER, SECOND } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** A sale is the one of its number, and of one count. */
export function sales(start: () => Promise<GridHarness>): void {
  describe('a purchase', () => {
    const harness = eachHarness(start);

    it('shows the household, what the meter left, and what may be bought', async () => {
      const card = harness.current.card('SLE4442');
      const first = await harness.current.gateway.identify(await card.read());
      expect(first).toMatchObject({ previousInserted: true, arrearsFen: 0, cardCount: first.soldCount });
      expect(first.maxFen).toBeGreaterThan(first.minFen);
      await buy(harness.current, card, ORDER);
      expect(await harness.current.gateway.identify(await card.read())).toMatchObject({
        soldCount: first.soldCount + 1,
        cardCount: first.soldCount + 1,
        creditedCount: first.soldCount,
        previousInserted: false,
      });
      const { balanceFen } = card.insert();
      expect(await harness.current.gateway.identify(await card.read())).toMatchObject({
        creditedCount: first.soldCount + 1,
        previousInserted: true,
        balanceFen,
      });
    });

    it('sold again under its number with the same content is the same sale', async () => {
      const { gateway } = harness.current;
      const request = sellRequest(
        await gateway.identify(await harness.current.card('SLE4442').read()),
        ORDER,
      );
      expect(await gateway.sell(request)).toEqual(await gateway.sell(request));
      expect(harness.current.standing()).toEqual([{ orderNo: ORDER, faceFen: 5000 }]);
    });

    it('is not sold a second time to a copy of the card', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('CPU');
      const copy = card.copy();
      const request = sellRequest(await gateway.identify(await card.read()), ORDER);
      await gateway.identify(await copy.read());
      await gateway.sell(request);
      expect(await failureOf(gateway.sell({ ...request, orderNo: SECOND }))).toEqual({
        code: 'grid.refused',
        refusal: 'previous-not-inserted',
      });
    });
  });
}
