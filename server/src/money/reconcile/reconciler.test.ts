import { describe, expect, it } from 'vitest';
import { caseIdOf } from '../../cases/case.ts';
import type { Order } from '../../orders/model/order.ts';
import { boughtAt, DAY, lineOf, rowOf } from '../../testing/bought-orders.ts';
import { MemoryBooks } from '../../testing/memory-books.ts';

const NEXT = '2026-03-02';

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
