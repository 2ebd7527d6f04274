import { describe, expect, it } from 'vitest';
import type { GridCard } from '../../gateways/grid/customers.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';
import { buy, eachHarness, failureOf, sellRequest, ORDER, SECOND } from './kit.ts';

/** What a meter that holds 980.00 of at most 1,000.00 may be sold. */
export function ceilings(start: () => Promise<GridHarness>): void {
  describe('the ceiling of a meter', () => {
    const harness = eachHarness(start);
    const identify = (household: HarnessHousehold) => identifyCard(harness.current, household);

    it('bounds what is sold where the grid reads the meter: what it has room for is credited', async () => {
      const { gateway } = harness.current;
      const card = await identify('ceiling-read');
      expect(card.maxFen).toBe(2000);
      expect(await failureOf(gateway.sell(sellRequest(card, ORDER, 2100)))).toEqual({
        code: 'grid.refused',
        refusal: 'amount',
      });
      await buy(harness.current, harness.current.card('ceiling-read'), SECOND, 2000);
      expect(harness.current.card('ceiling-read').insert()).toMatchObject({
        creditedFen: 2000,
        balanceFen: 100_000,
      });
    });

    it('refuses nothing by what the meter once left on the card, and the meter decides', async () => {
      const card = await identify('ceiling');
      expect(card).toMatchObject({ balanceFen: 98_000, balanceLive: false });
      expect(card.maxFen).toBeGreaterThan(20_000);
      await buy(harness.current, harness.current.card('ceiling'), ORDER, 20_000);
      expect(harness.current.card('ceiling').insert()).toMatchObject({ creditedFen: 0, balanceFen: 98_000 });
    });

    it('leaves no room that a reading cannot prove: a meter that is silent is sold to as one that is not read', async () => {
      harness.current.link('ceiling-read', 'offline');
      const card = await identify('ceiling-read');
      expect(card.balanceLive).toBe(false);
      expect(card.maxFen).toBeGreaterThan(20_000);
    });
  });
}

/** A grid that knows the ceiling says it, and what its balance is worth. */
export function toldCeilings(start: () => Promise<GridHarness>): void {
  describe('the ceiling of a meter', () => {
    const harness = eachHarness(start);

    it.each([
      ['ceiling-read', { ceilingFen: 100_000, balanceFen: 98_000, balanceLive: true }],
      ['ceiling', { ceilingFen: 100_000, balanceFen: 98_000, balanceLive: false }],
      ['SLE4442', { ceilingFen: null, balanceLive: false }],
    ] as const)('is told with the balance: %s', async (household, told) => {
      expect(await identifyCard(harness.current, household)).toMatchObject(told);
    });

    it('is told without a card, too', async () => {
      const { customerNo } = await identifyCard(harness.current, 'ceiling-read');
      expect(await harness.current.gateway.identifyCustomer(customerNo)).toMatchObject({
        ceilingFen: 100_000,
        balanceLive: true,
        maxFen: 2000,
      });
    });
  });
}

async function identifyCard(harness: GridHarness, household: HarnessHousehold): Promise<GridCard> {
  return harness.gateway.identify(await harness.card(household).read());
}
