import { METER_CHIPS } from '@bianmin/shared/testing/meter-files';
import { describe, expect, it } from 'vitest';
import { dailyBillContract } from './grid-contract-bill.ts';
import { replaceCardContract } from './grid-contract-cards.ts';
import { cardTasksContract } from './grid-contract-tasks.ts';
import { customerContract, quoteContract } from './grid-contract-customer.ts';
import { gridFailures } from './grid-contract-failures.ts';
import { gridLine } from './grid-contract-line.ts';
import { remoteCreditContract } from './grid-contract-remote.ts';
import { buy, eachHarness, failureOf, sellRequest } from './grid-contract-kit.ts';
import type { GridHarness, HarnessCapability } from './grid-harness.ts';

/**
 * The suite that each grid's adapter passes: what is bought reaches the meter, once. `absent` names what this grid
 * does not offer: then the suite checks that the adapter says so, and skips the rest of it.
 */
export function gridContract(
  name: string,
  start: () => Promise<GridHarness>,
  absent: readonly HarnessCapability[] = [],
): void {
  describe(`${name} keeps the grid's contract`, () => {
    purchases(start);
    refusals(start);
    reversals(start);
    gridFailures(start, absent);
    gridLine(start);
    saysOfBills(start, !absent.includes('dailyBill'));
    const offers = (...capabilities: HarnessCapability[]): boolean =>
      !capabilities.some((capability) => absent.includes(capability));
    if (offers('identifyCustomer')) customerContract(start);
    if (offers('identifyCustomer', 'quote')) quoteContract(start);
    if (offers('remoteCredit')) remoteCreditContract(start);
    if (offers('replaceCard')) replaceCardContract(start);
    if (offers('cardTasks')) cardTasksContract(start);
    if (offers('dailyBill')) dailyBillContract(start, { remote: offers('remoteCredit') });
  });
}

const ORDER = '260115100000000001';
const SECOND = '260115100000000002';

function saysOfBills(start: () => Promise<GridHarness>, offered: boolean): void {
  describe('its bill', () => {
    const harness = eachHarness(start);

    it(`can ${offered ? '' : 'not '}be fetched, and it says so`, () => {
      expect(harness.current.gateway.bills).toBe(offered);
    });
  });
}

function purchases(start: () => Promise<GridHarness>): void {
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

    it('sold again under its number with the same content is the same sale', async () => {
      const { gateway } = harness.current;
      const request = sellRequest(
        await gateway.identify(await harness.current.card('SLE4442').read()),
        ORDER,
      );
      expect(await gateway.sell(request)).toEqual(await gateway.sell(request));
      expect(harness.current.standing()).toEqual([{ orderNo: ORDER, faceFen: 5000 }]);
    });

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

function refusals(start: () => Promise<GridHarness>): void {
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

function reversals(start: () => Promise<GridHarness>): void {
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
