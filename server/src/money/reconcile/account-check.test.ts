import { describe, expect, it } from 'vitest';
import { drawsOf } from '../ledger/deposit-draws.ts';
import { DAY } from '../../testing/bought-orders.ts';
import type { CheckedAccount } from './account-check.ts';
import { GRID, ONE, TWO, bills, accountsOf, rowOf } from '../../testing/account-days.ts';

const unexplained = (rows: CheckedAccount[]): unknown[] =>
  rows
    .filter(({ unexplainedFen }) => unexplainedFen !== 0)
    .map(({ account, unexplainedFen }) => [account, unexplainedFen]);

describe('the accounts of a day', () => {
  it('are beside no bill where the grid sends none: what we paid it in advance; what it took of that is', async () => {
    const { w, check } = await accountsOf([ONE]);
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const paidIn = [
      { account: `${GRID}:deposit`, fen: 5_000_000 },
      { account: 'bank:grid', fen: -5_000_000 },
    ];
    await w.ledger.add([
      { source: 'deposit-1', n: 1, group: 'deposit', name: 'deposit.top-up', at, day: DAY, legs: paidIn },
      ...drawsOf(ONE, new Date(0)),
    ]);
    const rows = await check();
    expect(unexplained(rows)).toEqual([]);
    expect(rows.map(({ account }) => account).filter((account) => account.startsWith(GRID))).toEqual([
      ...[`${GRID}:credit`, `${GRID}:arrears`, `${GRID}:fee`, `${GRID}:drawn`, `${GRID}:credit`],
    ]);
    const all = await w.ledger.turnover();
    expect([all.get(`${GRID}:deposit`), all.get(`${GRID}:drawn`)]).toEqual([4_995_000, 5000]);
  });

  it('stand beside what channel, grid and meters say', async () => {
    const { check } = await accountsOf([ONE, TWO]);
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
    const { w, check } = await accountsOf([ONE]);
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
    const { check, tamper } = await accountsOf([ONE]);
    await tamper(account);
    expect(unexplained(await check())).toEqual([[account, 1]]);
  });

  it('hold nothing against the orders that two persons booked, nor accounts of which there are no papers', async () => {
    const { check, tamper } = await accountsOf([ONE]);
    await tamper('channel:wechat', 'case:0123');
    await tamper('refunds:ours');
    const rows = await check();
    expect(unexplained(rows)).toEqual([]);
    expect(rows[0]).toMatchObject({ account: 'channel:wechat', differenceFen: 1 });
  });

  it('explain what is another paper’s day, and not a fee that is not the bill’s', async () => {
    const { check } = await accountsOf([ONE]);
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
    const { check } = await accountsOf([ONE]);
    const rows = await check({ day: '2026-03-02', sources: [] });
    expect(rows.map(rowOf)).toEqual([[`${GRID}:credit`, 'meters', 0, 0, 0, 0]]);
  });

  it('stand beside the orders where there are no bills, with meters that nothing is said of', async () => {
    const { check, tamper } = await accountsOf([ONE]);
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
    const { check } = await accountsOf([ONE]);
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
