import { describe, expect, it } from 'vitest';
import { METER_CHIPS } from '@bianmin/shared/testing/meter-files';
import type { GridReplacement } from '../gateways/grid/contract.ts';
import { buy, eachHarness, failureOf, sellRequest } from './grid-contract-kit.ts';
import type { GridHarness, HarnessCard } from './grid-harness.ts';

const ORDER = '260115100000000001';
const SECOND = '260115100000000002';
const REQUEST = 'R260115100000000001';
const REFUSED = { code: 'grid.refused' } as const;

/** A card in the place of another: the sale moves along, and is credited once. */
export function replaceCardContract(start: () => Promise<GridHarness>): void {
  describe('a replacement card', () => {
    const harness = eachHarness(start);
    const replace = async (
      customerNo: string,
      blank: HarnessCard,
      requestNo = REQUEST,
    ): Promise<GridReplacement> =>
      harness.current.gateway.replaceCard({ requestNo, customerNo, image: await blank.read() });

    it.each(METER_CHIPS)('on %s is the household’s own, and the former one is void', async (chip) => {
      const { gateway } = harness.current;
      const old = harness.current.card(chip);
      const known = await gateway.identify(await old.read());
      const card = harness.current.stock(chip);
      const replacement = await replace(known.customerNo, card);
      expect(replacement).toMatchObject({
        customerNo: known.customerNo,
        formerSerial: known.serial,
        count: known.soldCount,
        openOrderNo: null,
        plan: { kind: 'replacement', orderNo: REQUEST, serial: replacement.serial },
      });
      await card.write(replacement.plan);
      await gateway.confirmWrite(REQUEST, 'ab'.repeat(32));
      expect(await failureOf(gateway.identify(await old.read()))).toEqual({
        ...REFUSED,
        refusal: 'card-replaced',
      });
      expect(await gateway.identify(await card.read())).toMatchObject({
        serial: replacement.serial,
        customerNo: known.customerNo,
        cardCount: known.soldCount,
        previousInserted: true,
      });
      await buy(harness.current, card, ORDER);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: known.soldCount + 1, error: null });
      expect(old.insert()).toMatchObject({ creditedFen: 0, error: 13 });
      await buy(harness.current, card, SECOND);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: known.soldCount + 2, error: null });
    });

    it.each([...METER_CHIPS, 'first-purchase'] as const)(
      'for %s takes over a sale that was never written, under its count',
      async (household) => {
        const { gateway } = harness.current;
        const known = await gateway.identify(await harness.current.card(household).read());
        const sale = await gateway.sell(sellRequest(known, ORDER));
        const card = harness.current.stock(known.chip as (typeof METER_CHIPS)[number]);
        const replacement = await replace(known.customerNo, card);
        expect(replacement).toMatchObject({ count: sale.count, openOrderNo: ORDER });
        await card.write(replacement.plan);
        expect(card.insert()).toMatchObject({ creditedFen: sale.creditFen, count: sale.count, error: null });
        expect(card.insert()).toMatchObject({ creditedFen: 0, error: null });
        expect(await gateway.identify(await card.read())).toMatchObject({ previousInserted: true });
      },
    );

    it.each(['the old card', 'the new card'] as const)(
      'and the lost one with the same purchase credit once, %s first',
      async (first) => {
        const { gateway } = harness.current;
        const old = harness.current.card('SLE4442');
        const { customerNo } = await gateway.identify(await old.read());
        await buy(harness.current, old, ORDER);
        const card = harness.current.stock('SLE4442');
        await card.write((await replace(customerNo, card)).plan);
        const [one, other] = first === 'the old card' ? [old, card] : [card, old];
        expect(one.insert()).toMatchObject({ creditedFen: 5000, error: null });
        expect(other.insert()).toMatchObject({ creditedFen: 0 });
        // However it went, the new card is good for the next purchase.
        await buy(harness.current, card, SECOND);
        expect(card.insert()).toMatchObject({ creditedFen: 5000, error: null });
      },
    );

    it('is made from what a counter sold and this book does not know', async () => {
      const { gateway } = harness.current;
      const old = harness.current.card('not-inserted');
      const { customerNo, soldCount } = await gateway.identify(await old.read());
      const card = harness.current.stock('CPU');
      const replacement = await replace(customerNo, card);
      expect(replacement).toMatchObject({ count: soldCount, openOrderNo: null });
      await card.write(replacement.plan);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: soldCount, error: null });
      expect(old.insert()).toMatchObject({ creditedFen: 0, error: 13 });
    });

    it('has the same plan however often it is asked for, until something is sold on it', async () => {
      const { gateway } = harness.current;
      const { customerNo } = await gateway.identify(await harness.current.card('SLE4442').read());
      const card = harness.current.stock('SLE4442');
      const first = await replace(customerNo, card);
      expect(await replace(customerNo, card)).toEqual(first);
      await card.write(first.plan);
      expect(await replace(customerNo, card)).toEqual(first);
      await buy(harness.current, card, ORDER);
      expect(await failureOf(replace(customerNo, card))).toEqual({ ...REFUSED, refusal: 'count' });
    });

    it('is itself replaced by a later one: only the latest is good', async () => {
      const { gateway } = harness.current;
      const { customerNo } = await gateway.identify(await harness.current.card('SLE4442').read());
      const [second, third] = [harness.current.stock('SLE4442'), harness.current.stock('SLE4442')];
      await second.write((await replace(customerNo, second)).plan);
      await third.write((await replace(customerNo, third, 'R2')).plan);
      expect(await failureOf(replace(customerNo, second))).toEqual({ ...REFUSED, refusal: 'card-replaced' });
      await buy(harness.current, third, ORDER);
      expect(third.insert()).toMatchObject({ creditedFen: 5000, error: null });
      expect(second.insert()).toMatchObject({ creditedFen: 0, error: 13 });
    });

    it.each([
      ['a number that was used for another card', 'duplicate'],
      ['a number that was used for a sale', 'duplicate'],
      ['a card that is somebody’s', 'card-foreign'],
      ['a card that was replaced', 'card-replaced'],
      ['a card that the issuer never made', 'card-unknown'],
      ['a customer whom nobody knows', 'card-unknown'],
    ] as const)('is refused for %s', async (what, refusal) => {
      const { gateway } = harness.current;
      const known = await gateway.identify(await harness.current.card('SLE4442').read());
      const { customerNo } = known;
      if (what === 'a number that was used for another card') {
        await replace(customerNo, harness.current.stock('SLE4442'));
      }
      if (what === 'a number that was used for a sale') await gateway.sell(sellRequest(known, REQUEST));
      const cards: Partial<Record<typeof what, HarnessCard>> = {
        'a card that is somebody’s': harness.current.card('arrears'),
        'a card that was replaced': harness.current.card('replaced'),
        'a card that the issuer never made': harness.current.card('blank'),
      };
      const customer = what === 'a customer whom nobody knows' ? '000000000000' : customerNo;
      expect(await failureOf(replace(customer, cards[what] ?? harness.current.stock('SLE4442')))).toEqual({
        ...REFUSED,
        refusal,
      });
    });

    it('that got no answer is asked for again', async () => {
      const { gateway } = harness.current;
      const { customerNo, serial } = await gateway.identify(await harness.current.card('SLE4442').read());
      const card = harness.current.stock('SLE4442');
      harness.current.fault('replaceCard', 'after');
      expect((await failureOf(replace(customerNo, card))).code).toBe('grid.unknown');
      expect(await replace(customerNo, card)).toMatchObject({ formerSerial: serial });
    });
  });
}
