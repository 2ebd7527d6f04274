import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { Order } from '../../orders/model/order.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { boughtAt, DAY, lineOf, rowOf } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { Papers } from '../../testing/papers.ts';

const NEXT = '2026-03-02';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** The same purchase, paid at Bestpay. */
function byBestpay(order: Order): Order {
  return { ...order, payments: order.payments.map((each) => ({ ...each, channel: 'bestpay' })) };
}

/** A refund that we know to be done, at a moment in China. */
function givenBack(order: Order, at: string): Order {
  const sentAt = new Date(`${at}+08:00`);
  const no = `${order._id}p1`;
  const refund = { no: `${no}r5`, paymentNo: no, fen: 5000, status: 'done', reason: 'not-credited' } as const;
  return { ...order, refunds: [{ ...refund, at: sentAt, sentAt }] };
}

async function found(w: BooksWorld, first = DAY, last = first): Promise<string[]> {
  const differences = await w.books.reconciler.run({ first, last, by: 'u9' });
  return differences.map(({ kind, orderNo }) => `${kind} ${orderNo.slice(-1)}`).toSorted();
}

/** What the day says of its accounts: which one, beside what, and how far it is off. */
async function accounts(w: BooksWorld): Promise<unknown[]> {
  const { accounts: rows = [] } = (await w.books.days.get(DAY)) ?? {};
  return rows.map((row) => [row.account, row.against, row.ledgerFen, row.differenceFen, row.unexplainedFen]);
}

describe('a channel without bills', () => {
  /** WeChat Pay and the grid have papers; Bestpay has them if `papers.bills`. */
  async function rig() {
    const bestpay = new Papers();
    bestpay.bills = false;
    const w = await BooksWorld.open(t, { channels: new Map([['bestpay', bestpay.channel('bestpay')]]) });
    return { w, bestpay };
  }

  it('keeps no day waiting: the others are compared, and the day names it', async () => {
    const { w } = await rig();
    const [one] = await w.bought(1);
    const other = byBestpay(boughtAt(2));
    await w.orders.insert(other);
    w.papers.lines.set(DAY, [...(w.papers.lines.get(DAY) ?? []), lineOf(other)]);
    expect(await found(w)).toEqual([]);
    expect(await w.books.days.get(DAY)).toMatchObject({
      ...{ state: 'done', counts: {}, caseIds: [], carried: [], notCompared: ['channel:bestpay'] },
      sources: [{ source: 'grid:collection-v1' }, { source: 'channel:wechat' }],
      history: [{ state: 'done', notCompared: ['channel:bestpay'] }],
    });
    expect(await accounts(w)).toEqual([
      ['channel:wechat', 'channel-bill', 4700, 0, 0],
      ['fee:wechat', 'channel-bill', 300, 0, 0],
      ['grid:collection-v1:credit', 'grid-bill', -8000, 0, 0],
      ['grid:collection-v1:arrears', 'grid-bill', -1980, 0, 0],
      ['grid:collection-v1:fee', 'grid-bill', -20, 0, 0],
      ['channel:bestpay', 'orders', 5000, 0, 0],
      ['fee:bestpay', 'orders', 0, 0, 0],
      ['grid:collection-v1:credit', 'meters', 0, 0, 0],
    ]);
    // What is wrong elsewhere is found all the same, and its case says of which paper nothing is known.
    w.papers.rows.set(DAY, []);
    w.papers.lines.set(DAY, one === undefined ? [] : [lineOf(one)]);
    expect(await found(w)).toEqual(['ORDER_ONLY 1', 'ORDER_ONLY 2']);
    const [lonely] = await w.cases.list({ orderNo: other._id, limit: 5 }, WHOLE_PROVINCE);
    expect(lonely?.facts).toMatchObject({ against: 'grid', notCompared: 'channel:bestpay' });
  });

  it('is still held to its orders: a posting that is none of theirs is a case', async () => {
    const { w } = await rig();
    await w.orders.insert(byBestpay(boughtAt(1)));
    w.papers.lines.set(DAY, [lineOf(boughtAt(1))]);
    const legs = [
      { account: 'channel:bestpay', fen: 1 },
      { account: 'payer:held', fen: -1 },
    ];
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const source = '260301100000000009';
    await w.books.ledger.add([{ source, n: 9, group: 'money', name: 'x', at, day: DAY, legs }]);
    expect(await found(w)).toEqual([]);
    const cases = await w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 5 }, WHOLE_PROVINCE);
    expect(cases.map(({ facts }) => facts)).toMatchObject([
      { account: 'channel:bestpay', against: 'orders', differenceFen: 1, unexplainedFen: 1 },
    ]);
  });

  it('is compared as soon as the day is run with its bill', async () => {
    const { w, bestpay } = await rig();
    const [one, two] = [byBestpay(boughtAt(1)), byBestpay(boughtAt(2))];
    for (const order of [one, two]) await w.orders.insert(order);
    w.papers.lines.set(DAY, [lineOf(one), lineOf(two)]);
    expect(await found(w)).toEqual([]);
    bestpay.bills = true;
    bestpay.rows.set(DAY, [rowOf(one)]);
    expect(await found(w)).toEqual(['ORDER_ONLY 2']);
    expect(await w.books.days.get(DAY)).toMatchObject({
      notCompared: [],
      history: [{ notCompared: ['channel:bestpay'] }, { notCompared: [] }],
    });
    expect((await w.books.ledger.turnover()).get('fee:bestpay')).toBe(300);
    // And without it again: what the bill said once is nothing that the orders would have to explain.
    bestpay.bills = false;
    expect(await found(w)).toEqual([]);
    expect(await w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 5 }, WHOLE_PROVINCE)).toEqual([]);
    const row = (await w.books.days.get(DAY))?.accounts?.find(({ account }) => account === 'fee:bestpay');
    expect(row).toMatchObject({ ledgerFen: 300, differenceFen: 300, unexplainedFen: 0 });
  });

  it('that is only late is waited for', async () => {
    const { w, bestpay } = await rig();
    [bestpay.bills, bestpay.ready] = [true, false];
    await expect(found(w)).rejects.toMatchObject({ code: 'reconcile.not-ready' });
    expect(await w.books.days.get(DAY)).toMatchObject({ state: 'waiting' });
  });

  it('decides nothing of what a day with its bill held for the next', async () => {
    const { w, bestpay } = await rig();
    bestpay.bills = true;
    const order = givenBack(byBestpay(boughtAt(1)), `${DAY}T23:59:59`);
    await w.orders.insert(order);
    bestpay.rows.set(DAY, [rowOf(order)]);
    w.papers.lines.set(DAY, [lineOf(order)]);
    expect(await found(w)).toEqual([]);
    expect((await w.books.days.get(DAY))?.carried).toHaveLength(1);
    bestpay.bills = false;
    expect(await found(w, NEXT)).toEqual([]);
    bestpay.bills = true;
    expect(await found(w, NEXT)).toEqual(['ORDER_ONLY 1']);
  });
});
