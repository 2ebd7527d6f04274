import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryDays } from '../../testing/memory-days.ts';
import { toldLog } from '../../testing/told-log.ts';
import { DailyReconciliation } from './daily.ts';
import type { DayState, ReconciledDay } from './day-store.ts';
import { ReconcileError, type ReconcileErrorCode } from './error.ts';
import type { Reconciler } from './reconciler.ts';

/** At this moment in China. */
function rig(at = '2026-03-09T10:00:00', firstDay = '2026-03-08') {
  const clock = new ManualClock(Date.parse(`${at}+08:00`));
  const [days, { log, lines }] = [new MemoryDays(), toldLog()];
  const ran: string[] = [];
  const failing = new Map<string, Error>();
  const run: Reconciler['run'] = ({ first, last, by }) => {
    ran.push([first, ...(last === undefined ? [] : [last]), by].join(' '));
    const error = failing.get(first);
    return error === undefined ? Promise.resolve([]) : Promise.reject(error);
  };
  const reconciler = { run } as Reconciler;
  const ledger = { firstDay: () => Promise.resolve(firstDay === '' ? undefined : firstDay) };
  const daily = new DailyReconciliation({ reconciler, days: days.store, ledger, clock, log });
  const known = (day: string, state: DayState, stale = false): void => {
    days.days.set(day, { _id: day, state, stale } as ReconciledDay);
  };
  return { clock, days, lines, ran, failing, daily, known };
}
const refused = (code: ReconcileErrorCode) => new ReconcileError({ code, message: 'x' });

describe('the days that are run by themselves', () => {
  it('are yesterday alone at first, from ten in the morning on', async () => {
    for (const [at, day] of [
      ['2026-03-09T09:59:59', '2026-03-07'],
      ['2026-03-09T10:00:00', '2026-03-08'],
      ['2026-03-10T09:59:59', '2026-03-08'],
    ] as const) {
      const { daily, ran } = rig(at, day);
      await daily.look();
      expect([at, ran]).toEqual([at, [`${day} system`]]);
    }
  });

  it.each([
    ['', []],
    ['2026-03-09', []],
    ['2026-03-08', ['2026-03-08 system']],
    ['2026-03-07', ['2026-03-07 system', '2026-03-08 system']],
  ])('are none before anything was booked: first “%s”', async (firstDay, runs) => {
    const { daily, ran } = rig('2026-03-09T10:00:00', firstDay);
    await daily.look();
    expect(ran).toEqual(runs);
  });

  it('are the last seven where the worker was away since long ago', async () => {
    const { daily, ran } = rig('2026-03-09T10:00:00', '2026-01-01');
    await daily.look();
    expect([ran.length, ran[0]]).toEqual([7, '2026-03-02 system']);
  });

  it('are all since the first of the last seven that was ever run, the oldest first', async () => {
    const { daily, ran, known } = rig();
    known('2026-03-01', 'waiting');
    known('2026-03-05', 'done');
    known('2026-03-07', 'waiting');
    await daily.look();
    expect(ran).toEqual(['2026-03-06 system', '2026-03-07 system', '2026-03-08 system']);
  });

  it('are seven days back and no more', async () => {
    const { daily, ran, known } = rig();
    known('2026-03-02', 'waiting');
    known('2026-03-01', 'waiting');
    await daily.look();
    expect(ran.at(0)).toBe('2026-03-02 system');
    expect(ran).toHaveLength(7);
  });

  it('are not those that are done, but again those whose day before was run again', async () => {
    const { daily, ran, known } = rig();
    for (const day of ['2026-03-06', '2026-03-08']) known(day, 'done');
    known('2026-03-07', 'done', true);
    await daily.look();
    expect(ran).toEqual(['2026-03-07 system']);
  });

  it('wait behind one that failed, which is a person’s', async () => {
    const { daily, ran, known, lines } = rig();
    known('2026-03-06', 'done');
    known('2026-03-07', 'failed');
    await daily.look();
    expect([ran, lines]).toEqual([[], []]);
  });

  it.each([
    [refused('reconcile.not-ready'), 30],
    [refused('reconcile.running'), 30],
    [refused('reconcile.too-many'), 50],
    [new Error('The disk is full.'), 50],
  ])(
    'wait behind one that cannot be run now, which the log tells as loud as it is bad (%#)',
    async (error, level) => {
      const { daily, ran, known, failing, lines } = rig();
      known('2026-03-06', 'waiting');
      failing.set('2026-03-07', error);
      await daily.look();
      expect(ran).toEqual(['2026-03-06 system', '2026-03-07 system']);
      expect(lines).toMatchObject([
        { level, day: '2026-03-07', msg: 'a day could not be reconciled', err: { message: error.message } },
      ]);
    },
  );

  it('are looked for every ten minutes, whatever comes between', async () => {
    const { daily, days, ran, clock, lines } = rig();
    const list = days.list.bind(days);
    days.list = () => Promise.reject(new Error('The database is gone.'));
    const stop = daily.start();
    await clock.advance(0);
    expect(lines).toMatchObject([{ level: 50, msg: 'days to reconcile could not be looked after' }]);
    days.list = list;
    await clock.advance(600_000 - 1);
    expect(ran).toEqual([]);
    await clock.advance(1);
    expect(ran).toEqual(['2026-03-08 system']);
    await stop();
  });
});
