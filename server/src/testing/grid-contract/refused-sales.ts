import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellRequest, ORDER } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** Which cards the grid does not know, and what it does not sell. */
export function refusedSales(start: () => Promise<GridHarness>): void {
  describe('refuses', () => {
    const harness = eachHarness(start);

    it.each([
      ['blank', 'card-unknown'],
      ['foreign', 'card-foreign'],
      ['replaced', 'card-replaced'],
      ['closed', 'customer-closed'],
    ] as const)('to identify a %s card: %s', async (kind, refusal) => {
      const image = await harness.current.card(kind).read();
      expect(await failureOf(harness.current.gateway.identify(image))).toEqual({
        code: 'grid.refused',
        refusal,
      });
    });

    it.each([
      ['another count', { count: 99 }, 'count'],
      ['no amount', { faceFen: 0 }, 'amount'],
      ['too much', { faceFen: 99_999_900 }, 'amount'],
      ['another serial', { serial: '00'.repeat(8) }, 'card-replaced'],
      ['another meter', { meterNo: '000000000000' }, 'card-foreign'],
      ['another customer', { customerNo: '000000000000' }, 'card-unknown'],
    ] as const)('to sell %s, for good', async (_, change, refusal) => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card('SLE4442').read());
      const request = { ...sellRequest(card, ORDER), ...change };
      expect(await failureOf(gateway.sell(request))).toEqual({ code: 'grid.refused', refusal });
      expect(await failureOf(gateway.sell(request))).toEqual({ code: 'grid.refused', refusal });
      expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'rejected', reason: refusal });
      expect(harness.current.standing()).toEqual([]);
    });

    it('to sell while the last purchase is not proven inserted', async () => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card('not-inserted').read());
      expect(card.previousInserted).toBe(false);
      expect(await failureOf(gateway.sell(sellRequest(card, ORDER)))).toMatchObject({
        refusal: 'previous-not-inserted',
      });
    });

    it('to sell something else under a number that was used', async () => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card('SLE4442').read());
      await gateway.sell(sellRequest(card, ORDER));
      const other = { ...sellRequest(card, ORDER), faceFen: 10_000 };
      expect(await failureOf(gateway.sell(other))).toEqual({ code: 'grid.refused', refusal: 'duplicate' });
    });
  });
}
