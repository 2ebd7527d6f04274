import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { startOfDay } from '../../kernel/china-time.ts';
import type { Order, PaymentMeans } from '../../orders/model/order.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { boughtAt, DAY } from '../../testing/bought-orders.ts';
import { accruedBy, ruleOf } from '../../testing/commission-judge.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { accrualKindOf } from '../ledger/accounts.ts';
import { placeOf, type CommissionRule } from './rule.ts';

const GRID = 'collection-v1';
const [SHOP, OTHER] = ['c00000000000000a1', 'c00000000000000b2'];
const RULES = [
  ruleOf({ id: 'all', basisPoints: 75 }),
  ruleOf({ id: 'cash', org: SHOP, channel: 'cash', perOrderFen: 20, basisPoints: 0 }),
  ruleOf({ id: 'agency', kind: 'agency', basisPoints: 33, leastFen: 10, mostFen: 500 }),
  ruleOf({ id: 'next', org: OTHER, basisPoints: 1000, from: '2026-03-02' }),
];

let t: TestContext;
let w: BooksWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await BooksWorld.open(t);
});

const keep = async (rules: readonly CommissionRule[]): Promise<void> => {
  const { commissionRules: store } = w.books;
  for (const rule of rules) {
    const place = await store.of(placeOf(rule));
    expect(await store.replace(placeOf(rule), place, [...(place?.rules ?? []), rule])).toBe(true);
  }
};
const orderOf = (digit: number, org: string, channel: PaymentMeans = 'wechat'): Order => {
  const order = boughtAt(digit);
  const payments = order.payments.map((each) => ({
    ...each,
    ...{ channel, ...(channel === 'cash' ? { float: 'f1' } : {}) },
  }));
  return { ...order, orgPath: ['province', '650100', org], payments };
};
const undo = async (order: Order): Promise<Order> => {
  const at = new Date(w.clock.now());
  const events = [...order.events, { n: 3, at, name: 'sale.undone' as const, by: 'grid' }];
  const after = { ...order, events, version: 3, updatedAt: at };
  await t.db
    .collection('orders')
    .updateOne({ _id: order._id as never }, { $set: { events, version: 3, updatedAt: at } });
  return after;
};
const accruals = async (): Promise<Map<string, number>> => {
  const turnover = await w.books.ledger.turnover();
  return new Map([...turnover].filter(([account, fen]) => accrualKindOf(account) !== undefined && fen !== 0));
};
const standing = (orders: readonly Order[]) =>
  orders.map(({ orgPath, payments, faceFen }) => ({
    ...{ day: DAY, grid: GRID, orgPath, faceFen },
    channel: payments[0]?.channel ?? 'wechat',
  }));

describe('a day with commissions', () => {
  it('adds up to the fen, in the books as in the sales that stand, however often it is posted', async () => {
    await keep(RULES);
    const orders = [
      ...[orderOf(1, SHOP), orderOf(2, SHOP, 'cash'), orderOf(3, OTHER)],
      ...[{ ...orderOf(4, SHOP), orgPath: ['province'] }, orderOf(5, SHOP)],
    ];
    await w.told(orders);
    await w.books.catchUp();
    expect(await accruals()).toEqual(accruedBy(standing(orders), RULES));
    expect((await accruals()).get(`commission:${SHOP}`)).toBe(-(38 + 20 + 38));
    const [one, ...rest] = orders;
    if (one === undefined) throw new Error('Nothing was bought.');
    await undo(one);
    await w.books.catchUp();
    await w.books.catchUp();
    expect(await accruals()).toEqual(accruedBy(standing(rest), RULES));
    const all = await w.books.ledger.turnover();
    expect([...all.values()].reduce((sum, fen) => sum + fen, 0)).toBe(0);
  });

  it('is the same where the rules were made after its sales, for days that had begun earn nothing by them', async () => {
    const late = ruleOf({ id: 'late', from: '2026-03-02' });
    const orders = await w.told([orderOf(1, SHOP), orderOf(2, OTHER)]);
    await w.books.catchUp();
    await keep([late]);
    for (const order of orders) await undo(order);
    await w.books.catchUp();
    expect(await accruals()).toEqual(new Map());
  });

  it('earns by rules that end, and takes back what was earned by them', async () => {
    const [over] = [ruleOf({ id: 'over', until: DAY })];
    await keep([over]);
    const [one] = await w.told([orderOf(1, SHOP)]);
    if (one === undefined) throw new Error('Nothing was bought.');
    await w.books.catchUp();
    expect((await accruals()).get(`commission:${SHOP}`)).toBe(-50);
    await undo(one);
    await w.books.catchUp();
    expect(await accruals()).toEqual(new Map());
  });

  it('stands beside the orders when it is compared: an accrual that no sale earned is a case', async () => {
    await keep(RULES);
    await w.told([orderOf(1, SHOP), orderOf(2, OTHER)]);
    await w.books.reconciler.run({ first: DAY, by: 'u9' });
    const cases = () => w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 20 }, WHOLE_PROVINCE);
    expect(await cases()).toEqual([]);
    const rows = (await w.books.days.get(DAY))?.accounts ?? [];
    const compared = rows.filter(({ account }) => accrualKindOf(account) !== undefined);
    expect(compared.map(({ against, differenceFen }) => [against, differenceFen])).toEqual([
      ...[
        ['accruals', 0],
        ['accruals', 0],
      ],
      ...[
        ['orders', 0],
        ['orders', 0],
        ['orders', 0],
        ['orders', 0],
        ['orders', 0],
      ],
    ]);
    const at = startOfDay(DAY);
    const legs = [
      { account: 'cost:commission', fen: 1 },
      { account: `commission:${SHOP}`, fen: -1 },
    ];
    await w.books.ledger.add([{ source: 'x', n: 1, group: 'commission', name: 'x', at, day: DAY, legs }]);
    await w.books.reconciler.run({ first: DAY, by: 'u9' });
    expect((await cases()).map(({ facts }) => [facts.account, facts.unexplainedFen]).toSorted()).toEqual([
      [`commission:${SHOP}`, -1],
      ['cost:commission', 1],
    ]);
  });

  it('never keeps payers’ money out of the books', async () => {
    await keep([ruleOf({ id: 'all' })]);
    const [one] = await w.told([orderOf(1, SHOP)]);
    if (one === undefined) throw new Error('Nothing was bought.');
    const legs = [
      { account: 'cost:commission', fen: 1 },
      { account: `commission:${SHOP}`, fen: -1 },
    ];
    const at = startOfDay(DAY);
    await w.books.ledger.add([
      { source: one._id, n: 2, group: 'commission', name: 'sale.sold', at, day: DAY, legs },
    ]);
    await w.books.catchUp();
    expect((await w.books.ledger.turnover()).get(`grid:${GRID}:credit`)).toBe(-4000);
    expect(await w.cases.list({ kind: 'ledger-unsound', limit: 9 }, WHOLE_PROVINCE)).toHaveLength(1);
  });
});

describe('the statement of an organisation', () => {
  it('says by rule what it earned, and only with the ledger’s word', async () => {
    await keep(RULES);
    const { statements } = w.books;
    const orders = await w.told([
      orderOf(1, SHOP),
      orderOf(2, SHOP, 'cash'),
      orderOf(3, SHOP),
      orderOf(4, OTHER),
    ]);
    await expect(statements.of(SHOP, '2026-03')).rejects.toMatchObject({ code: 'bill.not-settled' });
    await w.books.catchUp();
    const sheet = await statements.of(SHOP, '2026-03');
    expect(sheet.rows).toEqual([
      ['面额的 0.75%', '全部', '2026-01-01', 2, 10_000, 76],
      ['每笔 0.20 元', '现金', '2026-01-01', 1, 5000, 20],
    ]);
    expect(sheet.totals).toEqual(['合计', '', '', 3, 15_000, 96]);
    const [one] = orders;
    if (one === undefined) throw new Error('Nothing was bought.');
    await undo(one);
    await w.books.catchUp();
    expect((await statements.of(SHOP, '2026-03')).totals).toEqual(['合计', '', '', 2, 10_000, 58]);
    expect((await statements.of(SHOP, '2026-04')).rows).toEqual([]);
    expect((await statements.of(OTHER, '2026-03')).totals).toEqual(['合计', '', '', 1, 5000, 38]);
  });

  it('has what two persons booked in a row of its own', async () => {
    const { statements, ledger } = w.books;
    const legs = [
      { account: 'cost:commission', fen: 700 },
      { account: `commission:${SHOP}`, fen: -700 },
    ];
    const at = startOfDay(DAY);
    await ledger.add([
      { source: 'case:1', n: 1, group: 'adjustment', name: 'case.settled', at, day: DAY, legs },
    ]);
    expect((await statements.of(SHOP, '2026-03')).rows).toEqual([['两人核定的调账', '', '', 0, 0, 700]]);
  });

  it('has the rules’ words in full', async () => {
    await keep([
      ruleOf({ id: 'x', org: SHOP, perOrderFen: 50, basisPoints: 125, leastFen: 10, mostFen: 500 }),
    ]);
    await w.told([orderOf(1, SHOP)]);
    await w.books.catchUp();
    expect((await w.books.statements.of(SHOP, '2026-03')).rows[0]?.[0]).toBe(
      '每笔 0.50 元 + 面额的 1.25%，至少 0.10 元，至多 5.00 元',
    );
  });
});
