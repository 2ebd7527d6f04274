import { describe, expect, it } from 'vitest';
import type { GridHarness } from '../grid-harness.ts';
import { buy, eachHarness, failureOf, ORDER, SECOND, sellTo } from './kit.ts';

/** What is not taken off a card, or not undone by a word. */
export function refusedCancels(start: () => Promise<GridHarness>): void {
  describe('a sale', () => {
    const harness = eachHarness(start);

    /** Bought and on its card. */
    const written = async () => {
      const card = harness.current.card('SLE4442');
      const blank = await card.read();
      await buy(harness.current, card, ORDER);
      return { card, blank };
    };
    const refusal = async (of: Promise<unknown>) => (await failureOf(of)).refusal;
    const stands = async () => {
      expect(harness.current.standing()).toHaveLength(1);
      expect(await harness.current.gateway.confirmCancel(ORDER, '')).toMatchObject({ status: 'refused' });
      expect(harness.current.standing()).toHaveLength(1);
    };

    it('that was never made, or never written, is not taken off', async () => {
      const { gateway, card } = harness.current;
      const image = await card('SLE4442').read();
      expect(await refusal(gateway.cancelPlan(ORDER, image))).toBe('not-sold');
      expect(await gateway.confirmCancel(ORDER, '')).toMatchObject({ status: 'refused' });
      await sellTo(harness.current, 'SLE4442');
      expect(await refusal(gateway.cancelPlan(ORDER, image))).toBe('other');
      await stands();
    });

    it('is not taken off once its day is cut', async () => {
      const { gateway } = harness.current;
      const { card } = await written();
      harness.current.cutDay();
      expect(await refusal(gateway.cancelPlan(ORDER, await card.read()))).toBe('day-cut');
      await stands();
    });

    it('that was taken off is not undone once its day is cut, and can be written again', async () => {
      const { gateway } = harness.current;
      const { card } = await written();
      await card.write(await gateway.cancelPlan(ORDER, await card.read()));
      harness.current.cutDay();
      await stands();
      await card.write(await gateway.writePlan(ORDER, await card.read()));
      expect(card.insert()).toMatchObject({ creditedFen: 5000 });
    });

    it('is not taken off a card that was in the meter, nor off a copy of before', async () => {
      const { gateway } = harness.current;
      const { card } = await written();
      const copy = card.copy();
      card.insert();
      expect(await refusal(gateway.cancelPlan(ORDER, await card.read()))).toBe('count');
      expect(await refusal(gateway.cancelPlan(ORDER, await copy.read()))).toBe('count');
      await stands();
    });

    it('is not taken off a card that does not bear it', async () => {
      const { gateway } = harness.current;
      const { blank } = await written();
      expect(await refusal(gateway.cancelPlan(ORDER, blank))).toBe('count');
      const other = await harness.current.card('SLE4428').read();
      expect(await refusal(gateway.cancelPlan(ORDER, other))).toBe('card-foreign');
      await stands();
    });

    it('is not taken off where something was sold since', async () => {
      const { gateway } = harness.current;
      const { card } = await written();
      card.insert();
      await buy(harness.current, card, SECOND);
      expect(await refusal(gateway.cancelPlan(ORDER, await card.read()))).toBe('count');
      expect(await gateway.confirmCancel(ORDER, '')).toMatchObject({ status: 'refused' });
      expect(harness.current.standing()).toHaveLength(2);
    });

    it('is not undone by a word before it was to be taken off', async () => {
      await written();
      await stands();
    });

    it('that a copy brought to the meter meanwhile is not undone', async () => {
      const { gateway } = harness.current;
      const { card } = await written();
      const copy = card.copy();
      await card.write(await gateway.cancelPlan(ORDER, await card.read()));
      expect(copy.insert()).toMatchObject({ creditedFen: 5000 });
      await gateway.identify(await copy.read());
      await stands();
    });
  });
}
