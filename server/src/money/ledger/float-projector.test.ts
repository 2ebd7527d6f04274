import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import type { FloatEntry } from '../float/float.ts';
import type { FloatStore } from '../float/float-store.ts';
import { MemoryLedger } from '../../testing/memory-ledger.ts';
import { MemoryMarks } from '../../testing/memory-marks.ts';
import { toldLog } from '../../testing/told-log.ts';
import { FloatProjector } from './float-projector.ts';

const MARK = 'ledger-floats';

const topUp = (n: number, over: Partial<FloatEntry> = {}): FloatEntry => ({
  ...{ _id: `topup-${n}`, float: 'east', kind: 'top-up', fen: 100 * n, by: 'boris' },
  ...{ debit: 'bank', credit: 'float:east', at: new Date('2026-01-14T02:00:00Z') },
  ...over,
});

function rig(...entries: FloatEntry[]) {
  const [ledger, marks, clock] = [new MemoryLedger(), new MemoryMarks(), new ManualClock()];
  const reports: CaseReport[] = [];
  const asked: unknown[][] = [];
  const { log, lines } = toldLog();
  const ofKinds: FloatStore['ofKinds'] = (kinds, since) => {
    asked.push([kinds, since.getTime()]);
    return Promise.resolve([...entries]);
  };
  const projector = new FloatProjector({
    floats: { ofKinds } as FloatStore,
    ...{ ledger: ledger.store, marks: marks.store, clock, log },
    cases: { open: (report) => Promise.resolve(void reports.push(report)) },
  });
  return { ledger, marks, clock, reports, asked, lines, projector, entries };
}

describe('a round of the floats’ ledger', () => {
  it('posts what came into floats, tells how much was new, and offers nothing twice', async () => {
    const { ledger, projector, entries } = rig(topUp(1), topUp(2));
    expect(await projector.round()).toBe(2);
    entries.push(topUp(3));
    expect(await projector.round()).toBe(1);
    expect(ledger.offered.map(({ source }) => source)).toEqual(['topup-1', 'topup-2', 'topup-3']);
    expect(Object.fromEntries(await ledger.turnover())).toEqual({ bank: 600, 'float:east': -600 });
  });

  it('asks for top-ups and reversals since two days before its last round began', async () => {
    const { asked, marks, clock, projector } = rig();
    const began = clock.now();
    await projector.round();
    expect(marks.marks.get(MARK)).toEqual({ at: new Date(began), orderNo: '' });
    clock.jump(60_000);
    await projector.round();
    const kinds = ['top-up', 'top-up-undone'];
    expect(asked).toEqual([
      [kinds, -48 * 3_600_000],
      [kinds, began - 48 * 3_600_000],
    ]);
  });

  it('reports an entry that does not fit, once, and posts the others', async () => {
    const { ledger, reports, projector } = rig(topUp(1, { fen: 5 }), topUp(2));
    const legs = [
      { account: 'bank', fen: 4 },
      { account: 'float:east', fen: -4 },
    ];
    const at = new Date(0);
    await ledger.add([
      { source: 'topup-1', n: 1, group: 'float', name: 'float.top-up', at, day: '1970-01-01', legs },
    ]);
    expect(await projector.round()).toBe(1);
    expect(await projector.round()).toBe(0);
    const why = 'The posting topup-1:1:float does not fit.';
    expect(reports).toEqual([
      { kind: 'ledger-unsound', orderNo: 'none', key: 'topup-1', facts: { float: 'east', why } },
    ]);
  });

  it('passes by what an order’s own events post', async () => {
    const { ledger, reports, projector } = rig(topUp(1, { kind: 'taken' }));
    expect(await projector.round()).toBe(0);
    expect([ledger.offered, reports]).toEqual([[], []]);
  });

  it('that fails leaves its mark where it is, is told in the log, and is followed by the next', async () => {
    const { ledger, marks, lines, clock, projector } = rig(topUp(1));
    const real = ledger.add.bind(ledger);
    ledger.add = () => Promise.reject(new Error('The database is gone.'));
    const stop = projector.start(1000);
    await clock.advance(0);
    expect(lines).toMatchObject([{ level: 50, msg: "the floats' ledger could not be looked after" }]);
    expect(marks.marks.size).toBe(0);
    ledger.add = real;
    await clock.advance(1000);
    expect([ledger.postings.size, marks.marks.size]).toEqual([1, 1]);
    await stop();
  });
});
