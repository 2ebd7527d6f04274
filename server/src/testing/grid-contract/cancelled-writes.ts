import { describe, expect, it } from 'vitest';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import type { GridHarness, HarnessCard } from '../grid-harness.ts';
import { buy, eachHarness, failureOf, ORDER, SECOND } from './kit.ts';

const CHIPS: readonly MeterChip[] = ['SLE4442', 'SLE4428', 'CPU', 'AT88SC1608', 'AT88SC1602', 'AT88SC153'];

/** Takes the sale off its card, and has it read back. */
async function takeOff({ gateway }: GridHarness, card: HarnessCard): Promise<void> {
  await card.write(await gateway.cancelPlan(ORDER, await card.read()));
}

/** A sale that is on its card is taken off it, undone, and its count sold again. */
export function cancelledWrites(start: () => Promise<GridHarness>): void {
  describe('a sale on its card', () => {
    const harness = eachHarness(start);

    it('is said to be undoable', () => {
      expect(harness.current.gateway.cancelsWritten).toBe(true);
    });

    it.each(CHIPS)('is taken off an %s, undone, and sold anew', async (chip) => {
      const { gateway } = harness.current;
      const card = harness.current.card(chip);
      const before = await gateway.identify(await card.read());
      await buy(harness.current, card, ORDER);
      await takeOff(harness.current, card);
      const off = await gateway.identify(await card.read());
      expect(off).toMatchObject({ cardCount: before.soldCount, soldCount: before.soldCount + 1 });
      expect(harness.current.standing()).toHaveLength(1);
      expect(await gateway.confirmCancel(ORDER, 'ab'.repeat(32))).toEqual({ status: 'reversed' });
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'reversed' });
      expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'reversed' });
      expect(harness.current.standing()).toEqual([]);
      expect(card.insert()).toMatchObject({ creditedFen: 0, count: before.soldCount, error: null });
      await buy(harness.current, card, SECOND, 3000);
      expect(card.insert()).toMatchObject({ creditedFen: 3000, count: before.soldCount + 1 });
    });

    it('gives its meter nothing before the grid was told either', async () => {
      const card = harness.current.card('SLE4442');
      const { soldCount } = await harness.current.gateway.identify(await card.read());
      await buy(harness.current, card, ORDER);
      await takeOff(harness.current, card);
      expect(card.insert()).toMatchObject({ creditedFen: 0, count: soldCount });
    });

    it('of a new meter leaves a card that opens it with the next one', async () => {
      const card = harness.current.card('first-purchase');
      await buy(harness.current, card, ORDER);
      await takeOff(harness.current, card);
      await harness.current.gateway.confirmCancel(ORDER, '');
      await buy(harness.current, card, SECOND);
      expect(card.insert()).toMatchObject({ creditedFen: 5000, count: 1, error: null });
    });

    it('is asked for, taken off and undone as often as it is', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      await buy(harness.current, card, ORDER);
      const image = await card.read();
      const plan = await gateway.cancelPlan(ORDER, image);
      expect(plan).toMatchObject({ kind: 'undo', orderNo: ORDER });
      expect(await gateway.cancelPlan(ORDER, image)).toEqual(plan);
      await card.write(plan);
      expect(await gateway.cancelPlan(ORDER, await card.read())).toEqual(plan);
      expect(await gateway.confirmCancel(ORDER, '')).toEqual({ status: 'reversed' });
      expect(await gateway.confirmCancel(ORDER, '')).toEqual({ status: 'reversed' });
      expect(await failureOf(gateway.cancelPlan(ORDER, await card.read()))).toMatchObject({
        refusal: 'reversed',
      });
      expect(await failureOf(gateway.writePlan(ORDER, await card.read()))).toMatchObject({
        refusal: 'reversed',
      });
    });

    it('gives arrears back', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('arrears');
      const { arrearsFen } = await gateway.identify(await card.read());
      await buy(harness.current, card, ORDER);
      await takeOff(harness.current, card);
      await gateway.confirmCancel(ORDER, '');
      expect((await gateway.identify(await card.read())).arrearsFen).toBe(arrearsFen);
    });

    it('may be put on again instead: then it is not undone', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      await buy(harness.current, card, ORDER);
      await takeOff(harness.current, card);
      await card.write(await gateway.writePlan(ORDER, await card.read()));
      expect(await gateway.confirmCancel(ORDER, '')).toMatchObject({ status: 'refused' });
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'refused' });
      expect(card.insert()).toMatchObject({ creditedFen: 5000 });
      expect(harness.current.standing()).toHaveLength(1);
    });

    it('whose undoing got no answer is asked about', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      await buy(harness.current, card, ORDER);
      await takeOff(harness.current, card);
      harness.current.fault('confirmCancel', 'after');
      expect((await failureOf(gateway.confirmCancel(ORDER, ''))).code).toBe('grid.unknown');
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'reversed' });
    });
  });
}
