import { describe, expect, it } from 'vitest';
import type { GridSale } from '../gateways/grid/contract.ts';
import { buy, eachHarness, failureOf, sellRequest } from './grid-contract-kit.ts';
import type { GridHarness, HarnessHousehold } from './grid-harness.ts';

const ORDER = '260115100000000001';
const SECOND = '260115100000000002';
const REFUSED = { code: 'grid.refused' } as const;

/** Money and count that go to the meter from afar: once, whatever becomes of the messages. */
export function remoteCreditContract(start: () => Promise<GridHarness>): void {
  describe('a credit from afar', () => {
    const harness = eachHarness(start);
    const sell = async (household: HarnessHousehold = 'SLE4442', orderNo = ORDER): Promise<GridSale> => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card(household).read());
      return gateway.sell(sellRequest(card, orderNo));
    };
    /** What the meter got since `before`. */
    const meter = (household: HarnessHousehold = 'SLE4442') => harness.current.meter(household);

    it('reaches the meter once, however often it is asked for', async () => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'not-found' });
      const credit = await gateway.remoteCredit(ORDER);
      expect(credit).toMatchObject({ orderNo: ORDER, count: sale.count, creditFen: sale.creditFen });
      expect(credit.balanceFen).toBe(before + sale.creditFen);
      expect(await gateway.remoteCredit(ORDER)).toEqual(credit);
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'credited', credit });
      expect(meter()).toMatchObject({ balanceFen: before + sale.creditFen, count: sale.count });
    });

    it('leaves the card behind, and the next purchase on it follows the meter’s count', async () => {
      const { gateway } = harness.current;
      const sale = await sell();
      await gateway.remoteCredit(ORDER);
      const card = harness.current.card('SLE4442');
      const known = await gateway.identify(await card.read());
      expect(known).toMatchObject({
        soldCount: sale.count,
        creditedCount: sale.count,
        cardCount: sale.count - 1,
        previousInserted: true,
        balanceFen: meter().balanceFen,
      });
      await buy(harness.current, card, SECOND);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: sale.count + 1, error: null });
    });

    it('is written on no card any more', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      await sell();
      await gateway.remoteCredit(ORDER);
      await gateway.returnData(ORDER, image.regions);
      expect(await failureOf(gateway.writePlan(ORDER, image))).toEqual({ ...REFUSED, refusal: 'count' });
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
    });

    it('of a meter that is offline is pending: no plan and no reversal meanwhile, then credited', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      const sale = await sell();
      harness.current.link('SLE4442', 'offline');
      expect((await failureOf(gateway.remoteCredit(ORDER))).code).toBe('grid.unknown');
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'pending' });
      await gateway.returnData(ORDER, image.regions);
      expect(await failureOf(gateway.writePlan(ORDER, image))).toMatchObject(REFUSED);
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
      harness.current.link('SLE4442', 'online');
      expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'credited' });
      expect(meter().count).toBe(sale.count);
    });

    it('whose answer the meter’s line lost is credited once', async () => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      harness.current.link('SLE4442', 'answer-lost');
      expect((await failureOf(gateway.remoteCredit(ORDER))).code).toBe('grid.unknown');
      expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'credited' });
      expect(meter().balanceFen).toBe(before + sale.creditFen);
    });

    it('that fails for good leaves the sale, which then goes on its card', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const image = await card.read();
      await sell();
      harness.current.link('SLE4442', 'dead');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
      expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'failed' });
      expect(await gateway.queryOriginal(ORDER)).toMatchObject({ status: 'sold' });
      await gateway.returnData(ORDER, image.regions);
      await card.write(await gateway.writePlan(ORDER, image));
      expect(card.insert()).toMatchObject({ creditedFen: 5000, error: null });
      harness.current.link('SLE4442', 'online');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
      expect(card.insert()).toMatchObject({ creditedFen: 0 });
    });

    it('that fails for good can be reversed, and then never credits', async () => {
      const { gateway } = harness.current;
      await sell();
      const before = meter().balanceFen;
      harness.current.link('SLE4442', 'dead');
      await failureOf(gateway.remoteCredit(ORDER));
      expect(await gateway.reverse(ORDER, 'requested')).toEqual({ status: 'reversed' });
      harness.current.link('SLE4442', 'online');
      expect(await failureOf(gateway.remoteCredit(ORDER))).toEqual({ ...REFUSED, refusal: 'reversed' });
      expect(meter().balanceFen).toBe(before);
    });

    it.each(['ceiling', 'first-purchase'] as const)(
      'that a meter will not take (%s) has failed for good',
      async (household) => {
        const { gateway } = harness.current;
        const before = meter(household).balanceFen;
        await sell(household);
        expect(await failureOf(gateway.remoteCredit(ORDER))).toMatchObject(REFUSED);
        expect(await gateway.queryCredit(ORDER)).toMatchObject({ status: 'failed' });
        expect(meter(household).balanceFen).toBe(before);
      },
    );

    it.each([
      ['before', 'not-found'],
      ['after', 'credited'],
      ['http-500', 'credited'],
      ['garbage-signature', 'credited'],
      ['duplicate', 'credited'],
    ] as const)('with %s on the wire is %s when asked about, and credits once', async (fault, status) => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      harness.current.fault('remoteCredit', fault);
      await gateway.remoteCredit(ORDER).catch((error: unknown) => error);
      expect((await gateway.queryCredit(ORDER)).status).toBe(status);
      await gateway.remoteCredit(ORDER);
      expect(meter().balanceFen).toBe(before + sale.creditFen);
    });

    it('that is still travelling when it is sent again credits once', async () => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      harness.current.fault('remoteCredit', 'late');
      expect((await failureOf(gateway.remoteCredit(ORDER))).code).toBe('grid.unknown');
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'not-found' });
      await gateway.remoteCredit(ORDER);
      await harness.current.releaseLate();
      expect(meter().balanceFen).toBe(before + sale.creditFen);
    });

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
