import { describe, expect, it } from 'vitest';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import { buy, eachHarness, failureOf, sellRequest, ORDER } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';

/** The customer of a card. */
async function customerOf(harness: GridHarness, household: HarnessHousehold): Promise<GridCustomer> {
  const { customerNo } = await harness.gateway.identify(await harness.card(household).read());
  return harness.gateway.identifyCustomer(customerNo);
}

/** A customer by number, without a card. */
export function customerContract(start: () => Promise<GridHarness>): void {
  describe('a customer by number', () => {
    const harness = eachHarness(start);

    it('is the one whose card it is, with the serial of the card that is valid', async () => {
      const { gateway } = harness.current;
      const { cardCount, ...card } = await gateway.identify(await harness.current.card('SLE4442').read());
      expect(cardCount).toBe(card.soldCount);
      const { remote, ...customer } = await gateway.identifyCustomer(card.customerNo);
      expect(customer).toEqual(card);
      expect(typeof remote).toBe('boolean');
    });

    it('is known to have an open sale as the card is', async () => {
      await buy(harness.current, harness.current.card('SLE4442'), ORDER);
      expect(await customerOf(harness.current, 'SLE4442')).toMatchObject({ previousInserted: false });
      harness.current.card('SLE4442').insert();
      expect(await customerOf(harness.current, 'SLE4442')).toMatchObject({ previousInserted: true });
    });

    it('that no household has is refused', async () => {
      expect(await failureOf(harness.current.gateway.identifyCustomer('000000000000'))).toEqual({
        code: 'grid.refused',
        refusal: 'card-unknown',
      });
    });
  });
}

/** What an amount would buy. */
export function quoteContract(start: () => Promise<GridHarness>): void {
  describe('a quote', () => {
    const harness = eachHarness(start);
    const ask = async (household: HarnessHousehold, faceFen: number) => {
      const { customerNo, meterNo } = await customerOf(harness.current, household);
      return harness.current.gateway.quote({ customerNo, meterNo, faceFen });
    };

    it.each(['SLE4442', 'CPU', 'SLE4428', 'ceiling'] as const)('for %s adds up', async (household) => {
      const quote = await ask(household, 5000);
      expect(quote.creditFen + quote.arrearsFen + quote.feeFen).toBe(5000);
      if (quote.energyWh === null) return;
      expect(quote.tiers.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBe(quote.energyWh);
      const cost = quote.tiers.reduce(
        (sum, { energyWh, priceMilliFen }) => sum + energyWh * priceMilliFen,
        0,
      );
      // A Wh costs less than a fen: what is left over is less than one.
      expect(Math.round(cost / 1_000_000)).toBe(quote.creditFen);
    });

    it('takes arrears first, as the sale then does, and sells nothing itself', async () => {
      const { gateway } = harness.current;
      const quote = await ask('arrears', 5000);
      expect(quote.arrearsFen).toBeGreaterThan(0);
      expect(harness.current.standing()).toEqual([]);
      const card = await gateway.identify(await harness.current.card('arrears').read());
      expect(card.arrearsFen).toBe(quote.arrearsFen);
      const { creditFen, arrearsFen, feeFen } = await gateway.sell(sellRequest(card, ORDER));
      expect({ creditFen, arrearsFen, feeFen }).toEqual({
        creditFen: quote.creditFen,
        arrearsFen: quote.arrearsFen,
        feeFen: quote.feeFen,
      });
    });

    it('whose sums are not what was asked is unavailable', async () => {
      harness.current.fault('quote', 'wrong-amount');
      expect((await failureOf(ask('SLE4442', 5000))).code).toBe('grid.unavailable');
      expect((await ask('SLE4442', 5000)).faceFen).toBe(5000);
    });

    it('outside the limits is refused', async () => {
      const { maxFen } = await customerOf(harness.current, 'SLE4442');
      for (const faceFen of [0, maxFen + 1]) {
        expect(await failureOf(ask('SLE4442', faceFen))).toEqual({ code: 'grid.refused', refusal: 'amount' });
      }
    });

    it('for another customer’s meter is refused', async () => {
      const { gateway } = harness.current;
      const { customerNo } = await customerOf(harness.current, 'SLE4442');
      const { meterNo } = await customerOf(harness.current, 'CPU');
      expect(await failureOf(gateway.quote({ customerNo, meterNo, faceFen: 5000 }))).toEqual({
        code: 'grid.refused',
        refusal: 'card-foreign',
      });
    });
  });
}
