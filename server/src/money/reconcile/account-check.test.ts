import { describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { boughtAt, DAY } from '../../testing/bought-orders.ts';
import { MemoryBooks } from '../../testing/memory-books.ts';
import type { CheckedAccount, MeterCredit } from './account-check.ts';
import type { Source } from './bills.ts';
import { postFees } from './fee-postings.ts';

const GRID = 'grid:collection-v1';
const [ONE, TWO] = [boughtAt(1), boughtAt(2)];

/** What the papers say of so many purchases like `ONE`. */
const bills = (n: number): Source[] => [
  {
    ...{ source: 'channel:wechat', day: DAY, sha256: 'aa' },
    totals: { paidFen: 5000 * n, refundedFen: 0, feeFen: 300 * n },
  },
  {
    ...{ source: GRID, day: DAY, sha256: 'bb' },
    totals: { creditFen: 4000 * n, arrearsFen: 990 * n, feeFen: 10 * n },
  },
];

async function* each(credits: readonly MeterCredit[]): AsyncGenerator<MeterCredit> {
  yield* credits;
}

async function rig(orders: Order[], feeFen = 300 * orders.length) {
  const w = new MemoryBooks();
  w.orders.orders = orders;
  await w.catchUp();
  const totals = { payments: 1, paidFen: 0, refunds: 0, refundedFen: 0, feeFen };
  await postFees(w.ledger.store, [{ channel: 'wechat', day: DAY, totals }]);
  const check = (
    over: { sources?: Source[]; notCompared?: string[]; credits?: MeterCredit[]; day?: string } = {},
  ): Promise<CheckedAccount[]> => {
    const { sources = bills(orders.length), notCompared = [], credits = [], day = DAY } = over;
    return w.accounts.check(day, {
      ...{ grid: 'collection-v1', sources, notCompared, credits: each(credits) },
    });
  };
  /** An account as if a posting were not what happened. */
  const tamper = (account: string, source = '260301100000000009', fen = 1): Promise<number> => {
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const legs = [
      { account, fen },
      { account: 'payer:held', fen: -fen },
    ];
    return w.ledger.add([{ source, n: 9, group: 'money', name: 'x', at, day: DAY, legs }]);
  };
  return { w, check, tamper };
}

/** Account, paper, ours, theirs, difference, and what of it nothing explains. */
const rowOf = (row: CheckedAccount): unknown[] => [
  ...[row.account, row.against, row.ledgerFen, row.outsideFen, row.differenceFen, row.unexplainedFen],
];
const unexplained = (rows: CheckedAccount[]): unknown[] =>
  rows
    .filter(({ unexplainedFen }) => unexplainedFen !== 0)
    .map(({ account, unexplainedFen }) => [account, unexplainedFen]);

describe('the accounts of a day', () => {
  it('stand beside what channel, grid and meters say', async () => {
    const { check } = await rig([ONE, TWO]);
    const credits = [ONE, TWO].map(({ _id }) => ({ orderNo: _id, fen: 4000 }));
    expect((await check({ credits })).map(rowOf)).toEqual([
      ['channel:wechat', 'channel-bill', 9400, 9400, 0, 0],
      ['fee:wechat', 'channel-bill', 600, 600, 0, 0],
      [`${GRID}:credit`, 'grid-bill', -8000, -8000, 0, 0],
      [`${GRID}:arrears`, 'grid-bill', -1980, -1980, 0, 0],
      [`${GRID}:fee`, 'grid-bill', -20, -20, 0, 0],
      [`${GRID}:credit`, 'meters', -8000, -8000, 0, 0],
    ]);
  });

  it('are looked at when the ledger has caught up', async () => {
    const { w, check } = await rig([ONE]);
    w.orders.orders = [ONE, TWO];
    const rows = await check({ sources: bills(2) });
    expect(rows.find(({ account }) => account === `${GRID}:credit`)?.differenceFen).toBe(0);
  });

  it.each([
    'channel:wechat',
    'fee:wechat',
    `${GRID}:credit`,
    `${GRID}:arrears`,
    `${GRID}:fee`,
    'channel:alipay',
  ])('show a posting of %s that no order made', async (account) => {
    const { check, tamper } = await rig([ONE]);
    await tamper(account);
    expect(unexplained(await check())).toEqual([[account, 1]]);
  });

  it('hold nothing against the orders that two persons booked, nor accounts of which there are no papers', async () => {
    const { check, tamper } = await rig([ONE]);
    await tamper('channel:wechat', 'case:0123');
    await tamper('refunds:ours');
    const rows = await check();
    expect(unexplained(rows)).toEqual([]);
    expect(rows[0]).toMatchObject({ account: 'channel:wechat', differenceFen: 1 });
  });

  it('explain what is another paper’s day, and not a fee that is not the bill’s', async () => {
    const { check } = await rig([ONE]);
    const [channel, grid] = bills(1);
    if (channel === undefined || grid === undefined) throw new Error('There are no bills.');
    const less = { ...channel, totals: { ...channel.totals, paidFen: 4000 } };
    expect(unexplained(await check({ sources: [less, grid] }))).toEqual([]);
    const dearer = { ...channel, totals: { ...channel.totals, feeFen: 301 } };
    expect(unexplained(await check({ sources: [dearer, grid] }))).toEqual([
      ['channel:wechat', 1],
      ['fee:wechat', -1],
    ]);
  });

  it('are those of that day alone', async () => {
    const { check } = await rig([ONE]);
    const rows = await check({ day: '2026-03-02', sources: [] });
    expect(rows.map(rowOf)).toEqual([[`${GRID}:credit`, 'meters', 0, 0, 0, 0]]);
  });

  it('stand beside the orders where there are no bills, with meters that nothing is said of', async () => {
    const { check, tamper } = await rig([ONE]);
    await tamper('channel:wechat');
    const notCompared = ['channel:wechat', GRID];
    expect((await check({ sources: [], notCompared })).map(rowOf)).toEqual([
      ['channel:wechat', 'orders', 4701, 5000, -299, 1],
      ['fee:wechat', 'orders', 300, 0, 300, 0],
      [`${GRID}:credit`, 'orders', -4000, -4000, 0, 0],
      [`${GRID}:arrears`, 'orders', -990, -990, 0, 0],
      [`${GRID}:fee`, 'orders', -10, -10, 0, 0],
    ]);
  });

  it('hold a posting of another channel’s bill to that bill, also where one channel has none', async () => {
    const { check } = await rig([ONE]);
    const [, grid] = bills(1);
    if (grid === undefined) throw new Error('There are no bills.');
    const rows = await check({ sources: [grid], notCompared: ['channel:bestpay'] });
    expect(unexplained(rows)).toEqual([
      ['channel:wechat', -300],
      ['fee:wechat', 300],
    ]);
    expect(rows.at(-1)?.against).toBe('meters');
  });
});

describe('what meters took beside what was sold', () => {
  const meters = async (credits: MeterCredit[], orders = [ONE, TWO]): Promise<unknown[]> => {
    const { check } = await rig(orders);
    const rows = await check({ credits });
    return rows.filter(({ against }) => against === 'meters').flatMap((row) => rowOf(row).slice(2));
  };
  const credit = (fen: number, orderNo = ONE._id): MeterCredit => ({ orderNo, fen });

  it('is of the orders that a meter names, each once', async () => {
    expect(await meters([credit(4000)])).toEqual([-4000, -4000, 0, 0]);
    expect(await meters([credit(4001)])).toEqual([-4000, -4001, 1, 1]);
    expect(await meters([credit(4000), credit(4000)])).toEqual([-4000, -8000, 4000, 4000]);
    expect(await meters([credit(4000, 'of no order')])).toEqual([0, -4000, 4000, 4000]);
    expect(await meters([])).toEqual([0, 0, 0, 0]);
  });

  it('is asked in parts where they are many, and each once', async () => {
    const many = Array.from({ length: 2500 }, (_, n) => credit(0, `none-${n}`));
    const said = [...many.slice(0, 999), credit(4000), ...many.slice(999), credit(4000, TWO._id)];
    expect(await meters(said)).toEqual([-8000, -8000, 0, 0]);
  });
});
