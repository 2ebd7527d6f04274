import { describe, expect, it } from 'vitest';
import { METER_CARDS, chipOf } from '@bianmin/card/testing/meter-files';
import { buy, eachHarness, sellRequest, ORDER, SECOND } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** Cards whose layout is not their chip's first. */
const CARDS = METER_CARDS.filter((card) => card !== chipOf(card));

/** What is bought reaches meters of another maker on the same chips as well. */
export function secondMaker(start: () => Promise<GridHarness>): void {
  describe('a purchase for a meter of another maker', () => {
    const harness = eachHarness(start);

    it.each(CARDS)('on %s reaches it exactly once, and can be followed by another', async (kind) => {
      const card = harness.current.card(kind);
      await buy(harness.current, card, ORDER);
      const first = card.insert();
      expect(first).toMatchObject({ creditedFen: 5000, error: null });
      expect(card.insert()).toMatchObject({ creditedFen: 0, error: null });
      await buy(harness.current, card, SECOND, 12_345);
      expect(card.insert()).toMatchObject({ creditedFen: 12_345, count: first.count + 1, error: null });
    });

    it.each(CARDS)('on %s is told by its chip, and taken off again where it is cancelled', async (kind) => {
      const { gateway } = harness.current;
      const card = harness.current.card(kind);
      const image = await card.read();
      const known = await gateway.identify(image);
      expect(known.chip).toBe(chipOf(kind));
      await gateway.sell(sellRequest(known, ORDER));
      await gateway.returnData(ORDER, image.regions);
      const written = await card.write(await gateway.writePlan(ORDER, image));
      await card.write(await gateway.cancelPlan(ORDER, written));
      expect(card.insert()).toMatchObject({ creditedFen: 0 });
    });
  });
}
