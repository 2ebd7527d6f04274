import { describe, expect, it } from 'vitest';
import type { GridStepReport } from '../../gateways/grid/card-tasks.ts';
import { eachHarness, failureOf, REFUSED } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';
import type { WANTED } from './card-task.ts';
import { IDENTIFIED, wantTask } from './card-task.ts';

/** Card sessions that the grid wants, driven step by step, each as often as it takes and once. */
export function cardTaskSteps(start: () => Promise<GridHarness>): void {
  describe('a card task', () => {
    const harness = eachHarness(start);
    const want = (over: Partial<typeof WANTED> = {}) => wantTask(harness.current, over);

    it('asks for one step after the other, and is finished when it has none', async () => {
      const { gateway } = harness.current;
      const { taskNo } = want();
      const tries = { ok: true, result: { did: 'tries', tries: { left: 3, full: 3 } } } as const;
      expect(await gateway.cardStep({ taskNo, done: 0, answer: null })).toEqual({
        ...{ next: 'step', n: 1, command: { do: 'identify' } },
      });
      expect(await gateway.cardStep({ taskNo, done: 1, answer: IDENTIFIED })).toEqual({
        ...{ next: 'step', n: 2, command: { do: 'tries' } },
      });
      expect(await gateway.cardStep({ taskNo, done: 2, answer: tries })).toEqual({ next: 'finish' });
      expect(harness.current.cardTask(taskNo).heard).toMatchObject([
        { done: 0, answer: null },
        { done: 1, answer: IDENTIFIED },
        { done: 2, answer: tries },
      ]);
    });

    it.each(['after', 'http-500', 'duplicate', 'before'] as const)(
      'whose report had %s on the wire hears the same step when it is said again',
      async (fault) => {
        const { gateway } = harness.current;
        const { taskNo } = want();
        await gateway.cardStep({ taskNo, done: 0, answer: null });
        const report: GridStepReport = { taskNo, done: 1, answer: IDENTIFIED };
        harness.current.fault('cardStep', fault);
        await gateway.cardStep(report).catch((error: unknown) => error);
        expect(await gateway.cardStep(report)).toMatchObject({ next: 'step', n: 2 });
        expect(harness.current.cardTask(taskNo).heard).toHaveLength(2);
      },
    );

    it('takes no second answer to one step', async () => {
      const { gateway } = harness.current;
      const { taskNo } = want();
      await gateway.cardStep({ taskNo, done: 0, answer: null });
      await gateway.cardStep({ taskNo, done: 1, answer: IDENTIFIED });
      const other = { ok: false, code: 'card.removed' } as const;
      expect(await failureOf(gateway.cardStep({ taskNo, done: 1, answer: other }))).toEqual({
        ...REFUSED,
        refusal: 'duplicate',
      });
    });
  });
}
