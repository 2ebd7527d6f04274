import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, REFUSED } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';
import { ELSEWHERE, HERE, WANTED, wantTask } from './card-task.ts';

/** Card sessions that the grid wants: who hears of them, and how they end. */
export function cardTasks(start: () => Promise<GridHarness>): void {
  describe('a card task', () => {
    const harness = eachHarness(start);
    const want = (over: Partial<typeof WANTED> = {}) => wantTask(harness.current, over);
    const heardOf = async (...terminals: string[]): Promise<string[]> =>
      (await harness.current.gateway.cardTasks(terminals)).map(({ taskNo }) => taskNo);

    it('is heard by who asks for its terminal, with all that the person there is to know', async () => {
      const { taskNo } = want();
      want({ terminalId: ELSEWHERE });
      expect(await harness.current.gateway.cardTasks([HERE])).toEqual([{ ...WANTED, taskNo }]);
    });

    it('is heard again until its first step or its end', async () => {
      const [first, second] = [want().taskNo, want({ terminalId: ELSEWHERE }).taskNo];
      expect(await heardOf(HERE, ELSEWHERE)).toEqual([first, second]);
      expect(await heardOf(HERE, ELSEWHERE)).toEqual([first, second]);
      const { gateway } = harness.current;
      await gateway.cardStep({ taskNo: first, done: 0, answer: null });
      expect(await heardOf(HERE, ELSEWHERE)).toEqual([second]);
      await gateway.endCardTask({ taskNo: second, end: 'declined', failure: null, done: 0, write: 'none' });
      expect(await heardOf(HERE, ELSEWHERE)).toEqual([]);
    });

    it('ends once, as it was told first, and asks for nothing any more', async () => {
      const { gateway } = harness.current;
      const { taskNo } = want();
      await gateway.cardStep({ taskNo, done: 0, answer: null });
      const end = { taskNo, end: 'removed', failure: null, done: 0, write: 'unknown' } as const;
      harness.current.fault('endCardTask', 'after');
      expect((await failureOf(gateway.endCardTask(end))).code).toBe('grid.unknown');
      await gateway.endCardTask(end);
      await gateway.endCardTask({ ...end, end: 'finished', write: 'written' });
      expect(harness.current.cardTask(taskNo).end).toEqual({
        ...{ end: 'removed', failure: null, done: 0, write: 'unknown' },
      });
      expect(await failureOf(gateway.cardStep({ taskNo, done: 0, answer: null }))).toMatchObject(REFUSED);
    });

    it('that the grid does not want has no steps and no end', async () => {
      const { gateway } = harness.current;
      const taskNo = 'nobody';
      expect(await failureOf(gateway.cardStep({ taskNo, done: 0, answer: null }))).toMatchObject(REFUSED);
      const end = { taskNo, end: 'finished', failure: null, done: 0, write: 'none' } as const;
      expect(await failureOf(gateway.endCardTask(end))).toMatchObject(REFUSED);
    });
  });
}
