import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { DayStore, type DayOutcome } from './day-store.ts';
import type { Item } from './items.ts';

let t: TestContext;
let days: DayStore;
beforeAll(async () => {
  t = await openTestContext();
  days = new DayStore(t.db);
});
afterAll(() => t.close());

const at = (second: number): Date => new Date(Date.UTC(2026, 2, 5, 2, 0, second));
const item: Item = {
  ...{ orderNo: 'o1', item: 'wechat/p1', transactionId: '42', fen: 5000, status: 'paid', parts: [] },
  ...({ pair: 'channel', from: 'orders', at: '2026-03-01T15:59:59Z' } as const),
};
const DONE: DayOutcome = {
  ...{ state: 'done', notCompared: ['channel:bestpay'], counts: { ORDER_ONLY: 2 }, caseIds: ['c1', 'c2'] },
  sources: [{ source: 'channel:wechat', day: 'd', sha256: 'aa', totals: { paidFen: 1 } }],
  accounts: [
    {
      ...{ account: 'fee:wechat', against: 'channel-bill', ledgerFen: 3, outsideFen: 1, differenceFen: 2 },
      unexplainedFen: 2,
    },
  ],
  carried: [{ kind: 'ORDER_ONLY', pair: 'channel', orderNo: 'o1', key: 'k', order: item }],
};
const by = { by: 'u9' };

describe('a day that is taken in hand', () => {
  it('is there as one that runs, and has nothing yet', async () => {
    expect(await days.get('2026-01-01')).toBeNull();
    expect(await days.take('2026-01-01', at(0), at(10))).toBe(true);
    expect(await days.get('2026-01-01')).toEqual({
      ...{ _id: '2026-01-01', state: 'running', sources: [], counts: {}, caseIds: [], carried: [] },
      ...{ stale: false, history: [], updatedAt: at(0), leaseUntil: at(10) },
    });
  });

  it('is one process’s until its time is over or it is given back', async () => {
    expect(await days.take('2026-01-02', at(0), at(10))).toBe(true);
    expect(await days.take('2026-01-02', at(9), at(20))).toBe(false);
    expect((await days.get('2026-01-02'))?.leaseUntil).toEqual(at(10));
    expect(await days.take('2026-01-02', at(10), at(20))).toBe(true);
    await days.end('2026-01-02', DONE, { ...by, at: at(11) });
    expect(await days.take('2026-01-02', at(12), at(20))).toBe(true);
    await days.giveUp('2026-01-02', { ...by, state: 'failed', why: 'w', at: at(13) });
    expect(await days.take('2026-01-02', at(14), at(20))).toBe(true);
    // What was known of it stays meanwhile.
    expect(await days.get('2026-01-02')).toMatchObject({ state: 'done', counts: DONE.counts });
  });
});

describe('a run that ended', () => {
  it('says what it found, and its place in the history says of which bills', async () => {
    await days.take('2026-01-03', at(0), at(10));
    await days.end('2026-01-03', DONE, { ...by, at: at(5) });
    const run = { ...by, at: at(5), state: 'done', sources: ['channel:wechat aa'], differences: 2 };
    expect(await days.get('2026-01-03')).toEqual({
      ...{ ...DONE, _id: '2026-01-03', stale: false, updatedAt: at(5) },
      history: [{ ...run, notCompared: ['channel:bestpay'] }],
    });
    expect(await t.db.collection('reconciliations').countDocuments({ state: 'done' })).toBeGreaterThan(0);
  });

  it('that ended otherwise says why, which the next one takes back', async () => {
    await days.take('2026-01-04', at(0), at(10));
    const { notCompared: _, accounts: __, ...bare } = DONE;
    await days.end('2026-01-04', { ...bare, state: 'waiting', why: 'w' }, { ...by, at: at(1) });
    const waiting = await days.get('2026-01-04');
    expect(waiting).toMatchObject({ state: 'waiting', why: 'w', history: [{ state: 'waiting', why: 'w' }] });
    expect(waiting).not.toHaveProperty('notCompared');
    expect(waiting?.history[0]).not.toHaveProperty('notCompared');
    await days.end('2026-01-04', DONE, { ...by, at: at(2) });
    const done = await days.get('2026-01-04');
    expect(done).not.toHaveProperty('why');
    expect(done?.history[1]).not.toHaveProperty('why');
  });

  it('keeps an empty count as one', async () => {
    await days.take('2026-01-05', at(0), at(10));
    await days.end('2026-01-05', { ...DONE, counts: {} }, { ...by, at: at(1) });
    expect((await days.get('2026-01-05'))?.counts).toEqual({});
  });

  it('leaves fifty runs in the history, the newest', async () => {
    await days.take('2026-01-06', at(0), at(10));
    for (let n = 0; n < 49; n += 1) await days.end('2026-01-06', DONE, { ...by, at: at(n) });
    const give = (n: number) => days.giveUp('2026-01-06', { ...by, state: 'failed', why: 'w', at: at(n) });
    await give(49);
    expect((await days.get('2026-01-06'))?.history.map((run) => run.at)[0]).toEqual(at(0));
    await give(50);
    await days.end('2026-01-06', DONE, { ...by, at: at(51) });
    const history = (await days.get('2026-01-06'))?.history ?? [];
    expect([history.length, history[0]?.at, history.at(-1)?.at]).toEqual([50, at(2), at(51)]);
  });
});

describe('a run that was given up', () => {
  it('is told in the history; what was known of the day stays', async () => {
    await days.take('2026-01-07', at(0), at(10));
    await days.giveUp('2026-01-07', { ...by, state: 'waiting', why: 'reconcile.not-ready', at: at(1) });
    const run = {
      ...by,
      at: at(1),
      state: 'waiting',
      why: 'reconcile.not-ready',
      sources: [],
      differences: 0,
    };
    const waiting = await days.get('2026-01-07');
    expect(waiting).toMatchObject({
      ...{ state: 'waiting', why: 'reconcile.not-ready', updatedAt: at(1), history: [run] },
    });
    expect(waiting).not.toHaveProperty('leaseUntil');
    await days.end('2026-01-07', DONE, { ...by, at: at(2) });
    await days.giveUp('2026-01-07', { ...by, state: 'failed', why: 'reconcile.bill-unsound', at: at(3) });
    expect(await days.get('2026-01-07')).toMatchObject({
      ...{ state: 'done', why: 'reconcile.bill-unsound', updatedAt: at(3), counts: DONE.counts },
      history: [run, { state: 'done' }, { state: 'failed', why: 'reconcile.bill-unsound' }],
    });
  });
});

describe('a day whose day before was run again', () => {
  it('is stale where it is done, until it is run itself', async () => {
    await days.markStale('2026-01-08');
    expect(await days.get('2026-01-08')).toBeNull();
    await days.take('2026-01-08', at(0), at(10));
    await days.markStale('2026-01-08');
    expect((await days.get('2026-01-08'))?.stale).toBe(false);
    await days.end('2026-01-08', DONE, { ...by, at: at(1) });
    await days.markStale('2026-01-08');
    expect((await days.get('2026-01-08'))?.stale).toBe(true);
    await days.end('2026-01-08', DONE, { ...by, at: at(2) });
    expect((await days.get('2026-01-08'))?.stale).toBe(false);
  });
});

it('days are listed from the first to the last, in their order', async () => {
  for (const day of ['2026-02-03', '2026-02-01', '2026-02-04', '2026-02-02'])
    await days.take(day, at(0), at(1));
  expect((await days.list('2026-02-02', '2026-02-03')).map(({ _id }) => _id)).toEqual([
    '2026-02-02',
    '2026-02-03',
  ]);
});
