import { describe, expect, it } from 'vitest';
import { buy, eachHarness, failureOf, sellRequest, ORDER, REFUSED } from './kit.ts';
import type { GridHarness, HarnessCard } from '../grid-harness.ts';
import { REQUEST, replaceBy } from './replacement.ts';

/** Asking for a replacement: again, without an answer, and for what is refused. */
export function replacementRequests(start: () => Promise<GridHarness>): void {
  describe('a replacement card', () => {
    const harness = eachHarness(start);
    const replace = (customerNo: string, blank: HarnessCard, requestNo?: string) =>
      replaceBy(harness.current, { customerNo, blank, requestNo });

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
