import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import { FloatDesk } from '../float/desk.ts';
import { undoneId } from '../float/float.ts';
import { FloatStore } from '../float/float-store.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { FloatProjector } from './float-projector.ts';
import { LedgerStore } from './ledger-store.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

async function rig() {
  const db = t.another();
  const [store, ledger, clock] = [new FloatStore(db), new LedgerStore(db), new ManualClock()];
  await Promise.all([store.prepare(), ledger.prepare()]);
  const reports: CaseReport[] = [];
  const projector = (): FloatProjector =>
    new FloatProjector({
      ...{ floats: store, ledger, marks: new MarkStore(db, clock), clock, log: pino({ level: 'silent' }) },
      cases: { open: (report) => Promise.resolve(void reports.push(report)) },
    });
  const desk = new FloatDesk({ store, orders: new MemoryOrderStore(), clock });
  for (const _id of ['east', 'west']) {
    const limits = { balanceFen: 0, dayLimitFen: 100_000, day: '', dayFen: 0 };
    await store.insert({ _id, name: _id, terminals: [], recent: [], version: 1, ...limits });
  }
  const topUp = (id: string, n: number, fen: number) =>
    desk.add(id, {
      ...{ _id: `topup-${n}`, kind: 'top-up', fen, debit: 'bank', credit: `float:${id}`, by: 'boris' },
    });
  const undo = (id: string, n: number, fen: number) =>
    desk.add(id, {
      ...{ _id: undoneId(`topup-${n}`), undoes: `topup-${n}`, kind: 'top-up-undone', fen },
      ...{ debit: `float:${id}`, credit: 'bank', by: 'boris' },
    });
  return { ledger, clock, projector, desk, topUp, undo, reports };
}

describe('the floats’ projector', () => {
  it('posts each top-up and each reversal once, with two of them at it, again and again', async () => {
    const { ledger, projector, topUp, undo, desk } = await rig();
    await topUp('east', 1, 50_000);
    await topUp('east', 2, 700);
    await topUp('west', 3, 900);
    await undo('east', 2, 700);
    const taken = { paymentNo: '260301100000000001p1', orderNo: '260301100000000001', fen: 5000, by: 'li' };
    await desk.take('east', taken);
    const [a, b] = [projector(), projector()];
    await Promise.all([a.round(), b.round()]);
    await projector().round();
    expect(await a.round()).toBe(0);
    // What was taken is an order’s event, and posted from there.
    expect(Object.fromEntries(await ledger.turnover())).toEqual({
      bank: 50_900,
      'float:east': -50_000,
      'float:west': -900,
    });
    expect(Object.fromEntries(await ledger.turnover({ source: 'topup-2' }))).toEqual({
      bank: 0,
      'float:east': 0,
    });
  });

  it('finds what went from the float into its book while it was away', async () => {
    const { ledger, projector, topUp, desk, clock } = await rig();
    await projector().round();
    clock.jump(3_600_000);
    await topUp('east', 1, 400);
    await desk.book('east');
    await topUp('east', 2, 30);
    clock.jump(30 * 86_400_000);
    expect(await projector().round()).toBe(2);
    expect((await ledger.turnover()).get('float:east')).toBe(-430);
  });

  it('reports an entry that is posted otherwise, and posts the others', async () => {
    const { ledger, projector, topUp, reports } = await rig();
    await topUp('east', 1, 400);
    await topUp('west', 2, 30);
    const legs = [
      { account: 'bank', fen: 399 },
      { account: 'float:east', fen: -399 },
    ];
    const at = new Date(0);
    await ledger.add([
      { source: 'topup-1', n: 1, group: 'float', name: 'float.top-up', at, day: '1970-01-01', legs },
    ]);
    expect(await projector().round()).toBe(1);
    expect(reports).toMatchObject([{ kind: 'ledger-unsound', key: 'topup-1', facts: { float: 'east' } }]);
  });
});
