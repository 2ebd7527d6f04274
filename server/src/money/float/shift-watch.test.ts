import { beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { COUNTER, FLOAT, MemoryCounter } from '../../testing/memory-counter.ts';
import { HERE } from '../../testing/staff-members.ts';
import { toldLog, type ToldLine } from '../../testing/told-log.ts';
import { ShiftFollower } from './shift-follower.ts';
import { ShiftWatch } from './shift-watch.ts';

const AFTER_MS = 72_000_000;
const DAY_MS = 86_400_000;
let c: MemoryCounter;
let watch: ShiftWatch;
let lines: ToldLine[];
beforeEach(async () => {
  c = await MemoryCounter.open();
  ({ watch, lines } = watching());
});

function watching() {
  const { log, lines: told } = toldLog();
  const follower = new ShiftFollower(c.cases);
  const made = new ShiftWatch({
    ...{ store: c.floats, desk: c.desk, cases: c.cases, follower, afterMs: AFTER_MS },
    ...{ clock: c.world.clock, log },
  });
  return { watch: made, lines: told };
}
const cases = () => c.cases.list({ limit: 9 }, WHOLE_PROVINCE);
/** Written down, and the process was killed before anything followed. */
const closed = (shift: string) =>
  c.desk.closeShift(FLOAT, {
    shift,
    by: 'u-zhang',
    count: { counted: [{ fen: 100, pieces: 1 }], leftFen: 0 },
  });

describe('a shift that was closed by a process that was killed', () => {
  it('has its case in the next round, once', async () => {
    const { shift } = await c.signIn();
    await closed(shift.id);
    expect(await cases()).toEqual([]);
    expect(await watch.round()).toBe(0);
    expect(await cases()).toMatchObject([
      { kind: 'shift-difference', key: shift.id, facts: { differenceFen: 100 } },
    ]);
    expect(lines).toMatchObject([{ float: FLOAT, shift: shift.id }]);
    await watch.round();
    await watching().watch.round();
    expect([(await cases()).length, lines.length]).toEqual([1, 1]);
  });

  it('is found in the book, too, a week later by a new process and an hour later by the same', async () => {
    const { shift } = await c.signIn();
    await closed(shift.id);
    await c.desk.book(FLOAT);
    c.world.clock.jump(7 * DAY_MS + 1);
    await watching().watch.round();
    expect(await cases()).toEqual([]);
    c.world.clock.jump(-1);
    const later = watching();
    await later.watch.round();
    expect(await cases()).toHaveLength(1);
    const next = await c.signIn();
    await closed(next.shift.id);
    await c.desk.book(FLOAT);
    c.world.clock.jump(3_600_000);
    await later.watch.round();
    expect(await cases()).toHaveLength(2);
  });

  it('and was right has none', async () => {
    const { shift } = await c.signIn();
    await c.desk.closeShift(FLOAT, { shift: shift.id, by: 'u-zhang', count: { counted: [], leftFen: 0 } });
    await watch.round();
    expect([await cases(), lines]).toEqual([[], []]);
  });
});

describe('a shift that nobody counts', () => {
  it('is a case after its time, which the count ends', async () => {
    const one = await c.signIn();
    c.world.clock.jump(AFTER_MS);
    expect(await watch.round()).toBe(0);
    c.world.clock.jump(1);
    expect(await watch.round()).toBe(1);
    expect(await watch.round()).toBe(1);
    expect(await cases()).toMatchObject([
      {
        ...{ kind: 'shift-left-open', orderNo: 'none', key: one.shift.id, status: 'open' },
        facts: { float: FLOAT, terminalId: COUNTER, staff: 'zhang' },
      },
    ]);
    expect(lines).toMatchObject([{ float: FLOAT, shift: one.shift.id }]);
    const holder = { staff: staff(), shift: { id: one.shift.id, float: FLOAT } };
    const request = { ticket: one.ticket, shift: one.shift.id, counted: [], leftFen: 0 };
    await c.shifts.close({ terminalId: COUNTER, holder }, request, HERE);
    expect(await cases()).toMatchObject([
      { status: 'resolved', resolution: { by: { id: 'u-zhang', name: 'zhang' } } },
    ]);
    expect(await watch.round()).toBe(0);
  });

  it('whose case was opened while it was counted has no open case for long', async () => {
    const { shift } = await c.signIn();
    c.world.clock.jump(AFTER_MS + 1);
    await watch.round();
    await c.desk.closeShift(FLOAT, { shift: shift.id, by: 'u-zhang', count: { counted: [], leftFen: 0 } });
    await watch.round();
    expect(await cases()).toMatchObject([{ kind: 'shift-left-open', status: 'resolved' }]);
  });

  it('and is counted has no open case for long, also behind a hundred that are open', async () => {
    const { shift } = await c.signIn();
    c.world.clock.jump(AFTER_MS + 1);
    await watch.round();
    for (let n = 0; n < 100; n += 1) {
      c.member(`clerk${n}`, ['float:use']);
      await c.signIn(`clerk${n}`);
    }
    c.world.clock.jump(AFTER_MS + 1);
    await watch.round();
    await c.desk.closeShift(FLOAT, { shift: shift.id, by: 'u-zhang', count: { counted: [], leftFen: 0 } });
    expect(await watch.round()).toBe(100);
    const left = await c.cases.list({ kind: 'shift-left-open', status: 'open', limit: 200 }, WHOLE_PROVINCE);
    expect([left.length, left.some(({ key }) => key === shift.id)]).toEqual([100, false]);
  });
});

function staff() {
  const found = c.users.get('u-zhang');
  if (found === undefined) throw new Error('There is no zhang.');
  return found;
}
