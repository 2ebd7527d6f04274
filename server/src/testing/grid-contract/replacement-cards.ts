import { describe, expect, it } from 'vitest';
import { METER_CARDS } from '@bianmin/card/testing/meter-files';
import { buy, eachHarness, failureOf, ORDER, SECOND, REFUSED } from './kit.ts';
import type { GridHarness, HarnessCard } from '../grid-harness.ts';
import { REQUEST, replaceBy } from './replacement.ts';

/** A card in the place of another is its household’s, and the only one. */
export function replacementCards(start: () => Promise<GridHarness>): void {
  describe('a replacement card', () => {
    const harness = eachHarness(start);
    const replace = (customerNo: string, blank: HarnessCard, requestNo?: string) =>
      replaceBy(harness.current, { customerNo, blank, requestNo });

    it.each(METER_CARDS)('on %s is the household’s own, and the former one is void', async (chip) => {
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
  });
}
