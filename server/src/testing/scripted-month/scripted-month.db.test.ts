import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { Order } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../context.ts';
import { ANNA, BORIS, HERE } from '../staff-members.ts';
import { booksOf } from './books.ts';
import type { NotedShift } from './drawer.ts';
import { FLOAT, MONTH, MonthWorld, NORTH, SOUTH } from './month-world.ts';
import { outsideOf, type Outside } from './outside.ts';
import { Script } from './script.ts';
import { wantedOf, type MonthSums } from './wanted.ts';

let t: TestContext;
let w: MonthWorld;
let outside: Outside;
let books: MonthSums;
beforeAll(async () => {
  t = await openTestContext();
  w = await MonthWorld.open(t);
  const script = new Script(w);
  await script.play();
  await closeMonth();
  outside = await outsideOf(w, script);
  books = await booksOf(w, outside);
});
afterAll(() => t.close());

const view = async () => w.of.books.months.get(MONTH);
/** In April, by two persons, once the one shift that differed was explained. */
async function closeMonth(): Promise<void> {
  const { cases, books: kept, access, world } = w.of;
  const all = await cases.list({ limit: 50 }, WHOLE_PROVINCE);
  const open = all.filter(({ status }) => status === 'open');
  expect(all.map(({ kind }) => kind).sort()).toEqual(['CHANNEL_ONLY', 'shift-difference']);
  expect(open.map(({ kind, facts }) => [kind, facts.differenceFen])).toEqual([['shift-difference', -100]]);
  for (const { _id } of open)
    await cases.resolve(_id, { id: BORIS.userId, name: BORIS.name }, 'Gave too much change.');
  expect(await view()).toMatchObject({ state: 'compared', inTheWay: [] });
  const wish = { month: MONTH, reason: 'It is over.', maker: ANNA, where: HERE };
  await w.allow(await kept.months.request(access.approvals, wish));
  world.clock.jump(61_000);
  expect(await kept.months.round()).toBe(1);
  expect(await view()).toMatchObject({ state: 'closed' });
}

/** Which sums of the books are not what these papers come to, and which accounts are not. */
const wrong = (papers: Outside): [sums: string[], accounts: string[]] => {
  const wanted = wantedOf(papers);
  const accounts = new Set([...wanted.ledger.keys(), ...books.ledger.keys()]);
  return [
    (Object.keys(wanted) as (keyof MonthSums)[]).filter(
      (name) => !isDeepStrictEqual(books[name], wanted[name]),
    ),
    [...accounts].filter((account) => wanted.ledger.get(account) !== books.ledger.get(account)),
  ];
};
/** A list with its first such entry changed. */
const changed = <T>(of: readonly T[], is: (one: T) => boolean, change: (one: T) => T): T[] => {
  const index = of.findIndex(is);
  if (index < 0) throw new Error('There is none.');
  return of.map((one, at) => (at === index ? change(one) : one));
};

describe('a scripted month of a community', () => {
  it('adds up to the fen with the books of grid, wallets and drawers', () => {
    expect(books).toEqual(wantedOf(outside));
  });

  it('has in it what makes a month hard to add up', async () => {
    const { store } = w.of.world.services;
    const orders = (await Promise.all([...outside.meant.keys()].map((no) => store.get(no)))).filter(
      (order) => order !== null,
    );
    const isOf = (reason: string) => (order: Order) =>
      order.refunds.some((refund) => refund.reason === reason);
    const some = {
      neverPaid: orders.filter(({ state }) => state === 'closed'),
      paidTwice: orders.filter(isOf('double-payment')),
      late: orders.filter(isOf('late-payment')),
      lateAndSold: orders.filter(
        ({ state, events }) => state === 'done' && events.some(({ name }) => name === 'order.closed'),
      ),
      undone: orders.filter(isOf('requested')),
      notSold: orders.filter(isOf('not-sold')),
      compensated: orders.filter(isOf('compensation')),
      handedOut: orders.filter(({ refunds }) =>
        refunds.some(({ handOut }) => handOut?.status === 'handed-out'),
      ),
    };
    expect(Object.fromEntries(Object.entries(some).map(([name, of]) => [name, of.length]))).toEqual({
      ...{
        neverPaid: 1,
        paidTwice: 1,
        late: 1,
        lateAndSold: 1,
        undone: 2,
        notSold: 1,
        compensated: 4,
        handedOut: 2,
      },
    });
    expect(orders.filter(({ state }) => !['done', 'closed', 'refunded'].includes(state))).toEqual([]);
  });
});

describe('its judge finds', () => {
  it('a fen more in a wallet’s bill', () => {
    const walletRows = changed(
      outside.walletRows,
      ({ kind, orderNo }) => kind === 'refund' && outside.meant.has(orderNo),
      (row) => ({ ...row, fen: row.fen + 1 }),
    );
    expect(wrong({ ...outside, walletRows })).toEqual([
      ['ledger', 'closed', 'walletBills', 'communityBills'],
      ['channel:alipay', 'refunds:ours'],
    ]);
  });

  it('a sale that the grid has and nobody bought', () => {
    const [line] = outside.gridLines;
    if (line === undefined) throw new Error('The grid sold nothing.');
    const gridLines = [...outside.gridLines, { ...line, orderNo: '260331230000999999' }];
    expect(wrong({ ...outside, gridLines })).toEqual([
      ['ledger', 'closed', 'gridBills', 'meters', 'budgets'],
      [
        'grid:collection-v1:credit',
        'grid:collection-v1:arrears',
        'grid:collection-v1:fee',
        'discount:nobody',
      ],
    ]);
  });

  it('a commission of one basis point more', () => {
    const terms = changed(
      outside.terms,
      ({ kind }) => kind === 'commission',
      (each) => ({ ...each, basisPoints: each.basisPoints + 1 }),
    );
    expect(wrong({ ...outside, terms })).toEqual([
      ['ledger', 'closed', 'statements'],
      ['cost:commission', `commission:${NORTH}`, `commission:${SOUTH}`],
    ]);
  });

  it('a fen taken out of a drawer before it was counted', () => {
    const [hall = [], ...others] = outside.notebooks;
    const less = (shift: NotedShift) => ({ ...shift, countedFen: shift.countedFen - 1 });
    const notebooks = [changed(hall, () => true, less), ...others];
    expect(wrong({ ...outside, notebooks })).toEqual([['shifts', 'cashFen'], []]);
  });

  it('a fen that a household put down and no shift took', () => {
    const [hall = [], ...others] = outside.notebooks;
    const more = ({ handed, ...shift }: NotedShift) => ({
      ...shift,
      handed: changed(
        handed,
        () => true,
        (each) => ({ ...each, fen: each.fen + 1 }),
      ),
    });
    const notebooks = [changed(hall, () => true, more), ...others];
    expect(wrong({ ...outside, notebooks })).toEqual([
      ['ledger', 'closed', 'communityBills', 'budgets', 'floatFen', 'shifts'],
      [`float:${FLOAT}`, 'discount:street-office'],
    ]);
  });

  it('a fen of a sale that its meter took for the grid’s fee', () => {
    const gridLines = changed(
      outside.gridLines,
      ({ status }) => status === 'sold',
      (line) => ({ ...line, creditFen: line.creditFen + 1, feeFen: line.feeFen - 1 }),
    );
    expect(wrong({ ...outside, gridLines })).toEqual([
      ['ledger', 'closed', 'gridBills', 'meters'],
      ['grid:collection-v1:credit', 'grid:collection-v1:fee'],
    ]);
  });
});
