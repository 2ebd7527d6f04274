import type { GridCardTask } from '../../gateways/grid/card-tasks.ts';
import type { GridHarness } from '../grid-harness.ts';

/** Two terminals. */
export const HERE = `t${'1'.repeat(30)}`;
export const ELSEWHERE = `t${'2'.repeat(30)}`;

/** What the grid wants of a card in `HERE`. */
export const WANTED: Omit<GridCardTask, 'taskNo'> = {
  terminalId: HERE,
  kind: 'inspect',
  orderNo: null,
  serial: 'A465010000000101',
  askedBy: '李工',
  reason: '电表报错 05，看看卡',
  minutes: 10,
  commands: ['identify', 'tries'],
};

/** The answer to its first step. */
export const IDENTIFIED = {
  ok: true,
  result: { did: 'identify', chip: 'SLE4442', serial: 'A465010000000101' },
} as const;

/** Lets the grid want a card session of two steps: identify, then tries. */
export function wantTask(harness: GridHarness, over: Partial<typeof WANTED> = {}): GridCardTask {
  return harness.wantCardTask({ ...WANTED, ...over }, [{ do: 'identify' }, { do: 'tries' }]);
}
