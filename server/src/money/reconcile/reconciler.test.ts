import { describe, expect, it } from 'vitest';
import { caseIdOf } from '../../cases/case.ts';
import type { Order } from '../../orders/model/order.ts';
import { boughtAt, DAY, lineOf, rowOf } from '../../testing/bought-orders.ts';
import { MemoryBooks } from '../../testing/memory-books.ts';
import { ReconcileError } from './error.ts';

const NEXT = '2026-03-02';
const ANNA = { id: 'u1', name: 'anna' };
/** Bought so many seconds before midnight in China. */
function late(digit: number, seconds = 5): Order {
  const order = boughtAt(digit);
  const at = new Date(Date.parse(`${NEXT}T00:00:00+08:00`) - seconds * 1000);
  return {
    ...{ ...order, createdAt: at },
    payments: order.payments.map((each) => ({ ...each, paidAt: at, createdAt: at })),
    sale: { ...order.sale, sentAt: at },
    events: order.events.map((event) => ({ ...event, at })),
  };
}

describe('a run of days', () => {
  it('ends with what was found, of which papers, by whom, and is told in the log', async () => {
    const w = new MemoryBooks({ accounts: true });
    w.has(boughtAt(1), boughtAt(2));
    expect(await w.found()).toEqual([]);
    const day = await w.days.get(DAY);
    expect(day).toMatchObject({
      ...{
        state: 'done',
        counts: {},
        caseIds: [],
        carried: [],
        notCompared: ['channel:bestpay'],
        stale: false,
      },
      sources: [
        { source: 'grid:collection-v1', day: DAY },
        { source: 'channel:wechat', day: DAY },
      ],
      history: [{ by: 'u9', state: 'done', differences: 0, at: new Date(w.clock.now()) }],
    });
    expect(day).not.toHaveProperty('leaseUntil');
    expect(day?.accounts?.every(({ unexplainedFen }) => unexplainedFen === 0)).toBe(true);
    expect(day?.accounts?.map(({ against }) => against)).toContain('meters');
    expect(w.told.lines).toMatchObject([
      {
        ...{ level: 30, msg: 'days were reconciled', first: DAY, last: DAY, differences: 0 },
        notCompared: ['channel:bestpay'],
      },
    ]);
  });

  it('books what channels kept, and asks of no accounts where it is not to', async () => {
    const w = new MemoryBooks();
    w.has(boughtAt(1));
    await w.found();
    expect(Object.fromEntries(await w.ledger.turnover())).toEqual({
      'fee:wechat': 300,
      'channel:wechat': -300,
    });
    expect((await w.days.get(DAY))?.accounts).toEqual([]);
  });

  it('gives each day its own sources and counts, and the last what is held over', async () => {
    const w = new MemoryBooks();
    w.has(boughtAt(1));
    w.orders.orders.push(boughtAt(2));
    const order = late(3, 86_400 * -1 + 5);
    w.orders.orders.push(order);
    expect(await w.found(DAY, NEXT)).toEqual(['ORDER_ONLY 2', 'ORDER_ONLY 2']);
    const [first, last] = await w.days.list(DAY, NEXT);
    expect(first).toMatchObject({ counts: { ORDER_ONLY: 2 }, carried: [], history: [{ differences: 2 }] });
    expect(last).toMatchObject({ counts: {}, carried: [{ kind: 'ORDER_ONLY' }, { kind: 'ORDER_ONLY' }] });
    expect(first?.sources.map((source) => source.day)).toEqual([DAY, DAY]);
    expect(last?.sources.map((source) => source.day)).toEqual([NEXT, NEXT]);
    expect(w.told.lines).toMatchObject([{ first: DAY, last: NEXT, differences: 2 }]);
  });

  it('opens each difference as a case, once, and knows its cases by kind', async () => {
    const w = new MemoryBooks();
    w.has(boughtAt(1), boughtAt(2));
    w.papers.rows.set(DAY, [rowOf(boughtAt(1), { fen: 4999 })]);
    expect(await w.found()).toEqual(['AMOUNT_DIFF 1', 'ORDER_ONLY 2']);
    await w.found();
    const cases = w.allCases().toSorted((a, b) => (a.orderNo < b.orderNo ? -1 : 1));
    expect(cases.map(({ kind, orderNo, reopened }) => [kind, orderNo, reopened])).toEqual([
      ['AMOUNT_DIFF', boughtAt(1)._id, 0],
      ['ORDER_ONLY', boughtAt(2)._id, 0],
    ]);
    expect(cases[1]?.facts).toMatchObject({ day: DAY, against: 'channel', notCompared: 'channel:bestpay' });
    const day = await w.days.get(DAY);
    expect(day?.counts).toEqual({ AMOUNT_DIFF: 1, ORDER_ONLY: 1 });
    expect(day?.caseIds.toSorted()).toEqual(cases.map(({ _id }) => _id).toSorted());
  });

  it('opens an account that nothing explains as a case of its day', async () => {
    const w = new MemoryBooks({ accounts: true });
    w.has(boughtAt(1));
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const legs = [
      { account: 'fee:wechat', fen: 1 },
      { account: 'payer:held', fen: -1 },
    ];
    await w.ledger.add([{ source: 's', n: 9, group: 'money', name: 'x', at, day: DAY, legs }]);
    expect(await w.found()).toEqual([]);
    const report = { kind: 'ACCOUNT_DIFF', orderNo: 'none', key: `${DAY}/fee:wechat/channel-bill` } as const;
    expect(w.allCases()).toMatchObject([{ ...report, facts: { unexplainedFen: 1 } }]);
    expect(await w.days.get(DAY)).toMatchObject({ counts: { ACCOUNT_DIFF: 1 }, caseIds: [caseIdOf(report)] });
  });

  it('counts what is of before its days, or without a moment, to the first of them', async () => {
    const w = new MemoryBooks();
    w.orders.orders.push(late(1));
    w.papers.lines.set(DAY, [lineOf(late(1))]);
    expect(await w.found()).toEqual([]);
    expect(await w.found(NEXT, '2026-03-03')).toEqual(['ORDER_ONLY 1']);
    const [, second, third] = await w.days.list(DAY, '2026-03-03');
    expect([second?.counts, third?.counts]).toEqual([{ ORDER_ONLY: 1 }, {}]);
  });

  it('counts what a bill has of after its days to the last of them', async () => {
    const w = new MemoryBooks();
    const at = new Date('2026-03-09T12:00:00+08:00');
    w.papers.rows.set(DAY, [rowOf(boughtAt(1), { at })]);
    expect(await w.found(DAY, NEXT)).toEqual(['CHANNEL_ONLY 1']);
    const [first, last] = await w.days.list(DAY, NEXT);
    expect([first?.counts, last?.counts]).toEqual([{}, { CHANNEL_ONLY: 1 }]);
  });
});

describe('what a run holds over', () => {
  it('is decided by the next day, which is to be run again where the one before was', async () => {
    const w = new MemoryBooks();
    w.orders.orders.push(late(1));
    w.papers.lines.set(DAY, [lineOf(late(1))]);
    w.papers.rows.set(NEXT, [rowOf(late(1))]);
    await w.found();
    expect((await w.days.get(DAY))?.carried).toMatchObject([{ kind: 'ORDER_ONLY', orderNo: late(1)._id }]);
    expect(await w.found(NEXT)).toEqual([]);
    expect((await w.days.get(NEXT))?.stale).toBe(false);
    await w.found();
    expect((await w.days.get(NEXT))?.stale).toBe(true);
    await w.found(NEXT);
    expect((await w.days.get(NEXT))?.stale).toBe(false);
  });

  it('stays undecided where the paper that it waits for is not to be had any more', async () => {
    const w = new MemoryBooks();
    const order = late(1);
    w.orders.orders.push(order);
    w.papers.lines.set(DAY, [lineOf(order)]);
    await w.found();
    w.papers.bills = false;
    expect(await w.found(NEXT)).toEqual([]);
    w.papers.bills = true;
    expect(await w.found(NEXT)).toEqual(['ORDER_ONLY 1']);
  });
});

describe('a case that a run does not find any more', () => {
  async function mended() {
    const w = new MemoryBooks();
    w.has(boughtAt(1));
    w.papers.rows.set(DAY, []);
    await w.found();
    const [id] = [...w.caseStore.cases.keys()];
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    return { w, id: id ?? '' };
  }

  it('gets a note of it, once, and stays open for its people', async () => {
    const { w, id } = await mended();
    for (let run = 0; run < 2; run += 1) expect(await w.found()).toEqual([]);
    const known = await w.cases.get(id);
    const text = `The run of ${DAY} does not find this any more.`;
    expect([known.status, known.notes.map(({ by, byName, text: words }) => [by, byName, words])]).toEqual([
      'open',
      [['system', 'system', text]],
    ]);
    expect((await w.days.get(DAY))?.caseIds).toEqual([]);
  });

  it('gets it again after people wrote something, and none where it is resolved', async () => {
    const { w, id } = await mended();
    await w.found();
    w.papers.rows.set(DAY, []);
    await w.found();
    await w.cases.note(id, ANNA, 'We asked.');
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    await w.found();
    expect((await w.cases.get(id)).notes).toHaveLength(3);
    w.papers.rows.set(DAY, []);
    await w.found();
    await w.cases.resolve(id, ANNA, 'It came.', { twoPersons: true });
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    await w.found();
    expect((await w.cases.get(id)).notes).toHaveLength(3);
  });

  it('is not one that it still finds', async () => {
    const { w, id } = await mended();
    w.papers.rows.set(DAY, []);
    await w.found();
    expect((await w.cases.get(id)).notes).toEqual([]);
  });
});

describe('a run that cannot be', () => {
  it('is one of a day that is not over in China', async () => {
    const w = new MemoryBooks();
    for (const last of ['2026-03-05', '2026-03-06']) {
      const run = w.reconciler.run({ first: DAY, last, by: 'u9' });
      await expect(run).rejects.toThrow(ReconcileError);
      await expect(run).rejects.toMatchObject({
        code: 'reconcile.day-open',
        message: `${last} is not over in China. Run it tomorrow.`,
        context: { day: last },
      });
    }
    expect(w.days.days.size).toBe(0);
    expect(await w.found('2026-03-04')).toEqual([]);
  });

  it('is one of a day that another process has in hand: the days that it took wait', async () => {
    const w = new MemoryBooks();
    await w.found();
    const now = new Date(w.clock.now());
    await w.days.take('2026-03-03', now, new Date(w.clock.now() + 1000));
    const run = w.reconciler.run({ first: DAY, last: '2026-03-04', by: 'u9' });
    await expect(run).rejects.toMatchObject({
      code: 'reconcile.running',
      message: '2026-03-03 is being reconciled now. Look again in a few minutes.',
      context: { day: '2026-03-03' },
    });
    const days = await w.days.list(DAY, '2026-03-04');
    expect(days.map(({ _id, state, why, leaseUntil }) => [_id, state, why, leaseUntil?.getTime()])).toEqual([
      [DAY, 'done', 'reconcile.running', undefined],
      [NEXT, 'waiting', 'reconcile.running', undefined],
      ['2026-03-03', 'running', undefined, w.clock.now() + 1000],
    ]);
    w.clock.jump(1000);
    expect(await w.found(DAY, '2026-03-04')).toEqual([]);
  });

  it('has its days for half an hour, and then another one may have them', async () => {
    const w = new MemoryBooks();
    let until: Date | undefined;
    const downloaded = w.papers.rows.get.bind(w.papers.rows);
    w.papers.rows.get = (day) => {
      until = w.days.days.get(DAY)?.leaseUntil;
      return downloaded(day);
    };
    await w.found();
    expect(until?.getTime()).toBe(w.clock.now() + 30 * 60_000);
  });

  it('is one whose bill is not there: its days wait, and say why', async () => {
    const w = new MemoryBooks();
    w.has(boughtAt(1));
    w.papers.ready = false;
    await expect(w.found(DAY, NEXT)).rejects.toMatchObject({ code: 'reconcile.not-ready' });
    const at = new Date(w.clock.now());
    for (const day of [DAY, NEXT]) {
      expect(await w.days.get(day)).toMatchObject({
        ...{ state: 'waiting', why: 'reconcile.not-ready' },
        history: [{ at, by: 'u9', state: 'waiting', why: 'reconcile.not-ready', differences: 0 }],
      });
    }
    expect((await w.days.get('2026-03-03'))?.stale).toBeUndefined();
  });

  it('is one whose bill is unsound, or in which anything else goes wrong: its days failed', async () => {
    const w = new MemoryBooks();
    w.papers.lines.set(DAY, ['a,b']);
    await expect(w.found()).rejects.toMatchObject({ code: 'reconcile.bill-unsound' });
    expect(await w.days.get(DAY)).toMatchObject({ state: 'failed', why: 'reconcile.bill-unsound' });
    const v = new MemoryBooks();
    v.has(boughtAt(1));
    v.ledger.add = () => Promise.reject(new Error('The database is gone.'));
    await expect(v.found()).rejects.toThrow('The database is gone.');
    expect(await v.days.get(DAY)).toMatchObject({ state: 'failed', why: 'server.internal' });
    expect([v.allCases(), v.told.lines]).toEqual([[], []]);
  });
});
