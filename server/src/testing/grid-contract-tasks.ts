import { describe, expect, it } from 'vitest';
import type { GridCardTask, GridStepReport } from '../gateways/grid/card-tasks.ts';
import { eachHarness, failureOf } from './grid-contract-kit.ts';
import type { GridHarness } from './grid-harness.ts';

const HERE = `t${'1'.repeat(30)}`;
const ELSEWHERE = `t${'2'.repeat(30)}`;
const REFUSED = { code: 'grid.refused' } as const;

const WANTED: Omit<GridCardTask, 'taskNo'> = {
  terminalId: HERE,
  kind: 'inspect',
  orderNo: null,
  serial: 'A465010000000101',
  askedBy: '李工',
  reason: '电表报错 05，看看卡',
  minutes: 10,
  commands: ['identify', 'tries'],
};
const IDENTIFIED = {
  ok: true,
  result: { did: 'identify', chip: 'SLE4442', serial: 'A465010000000101' },
} as const;

/** Card sessions that the grid wants: heard, driven step by step, ended, each as often as it takes and once. */
export function cardTasksContract(start: () => Promise<GridHarness>): void {
  describe('a card task', () => {
    const harness = eachHarness(start);
    const want = (over: Partial<typeof WANTED> = {}): GridCardTask =>
      harness.current.wantCardTask({ ...WANTED, ...over }, [{ do: 'identify' }, { do: 'tries' }]);
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

    it('that nobody wants has no steps and no end', async () => {
      const { gateway } = harness.current;
      const taskNo = 'nobody';
      expect(await failureOf(gateway.cardStep({ taskNo, done: 0, answer: null }))).toMatchObject(REFUSED);
      const end = { taskNo, end: 'finished', failure: null, done: 0, write: 'none' } as const;
      expect(await failureOf(gateway.endCardTask(end))).toMatchObject(REFUSED);
    });
  });
}
