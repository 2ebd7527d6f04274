import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { CaseFacts } from '../../orders/model/case-sink.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { boughtAt, DAY, lineOf, rowOf } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { runCampaign } from '../../testing/order-campaign.ts';
import { postFees } from './fee-postings.ts';

let t: TestContext;
let w: BooksWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await BooksWorld.open(t);
});

const GRID = 'grid:collection-v1';
/** Runs the day; gives the accounts that became cases. */
async function wrong(): Promise<CaseFacts[]> {
  await w.books.reconciler.run({ first: DAY, by: 'u9' });
  const cases = await w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 20 }, WHOLE_PROVINCE);
  return cases.map(({ facts }) => facts);
}
/** One fen too much on an account of the day, as if a posting were not what happened. */
async function tamper(account: string): Promise<void> {
  const legs = [
    { account, fen: 1 },
    { account: 'payer:held', fen: -1 },
  ];
  const at = new Date(`${DAY}T12:00:00+08:00`);
  await w.books.ledger.add([
    { source: '260301100000000009', n: 9, group: 'money', name: 'x', at, day: DAY, legs },
  ]);
}

describe('the accounts of a day beside the papers', () => {
  it('agree where everybody tells the same, meters too, and are kept with the day', async () => {
    const [one] = await w.bought(1, 2);
    if (one === undefined) throw new Error('Nothing was bought.');
    w.papers.lines.set(DAY, [...(w.papers.lines.get(DAY) ?? []), lineOf(one, 'credited')]);
    expect(await wrong()).toEqual([]);
    const rows = (await w.books.days.get(DAY))?.accounts ?? [];
    expect(
      rows.map(({ account, against, ledgerFen, differenceFen }) => [
        account,
        against,
        ledgerFen,
        differenceFen,
      ]),
    ).toEqual([
      ['channel:wechat', 'channel-bill', 9400, 0],
      ['fee:wechat', 'channel-bill', 600, 0],
      [`${GRID}:credit`, 'grid-bill', -8000, 0],
      [`${GRID}:arrears`, 'grid-bill', -1980, 0],
      [`${GRID}:fee`, 'grid-bill', -20, 0],
      [`${GRID}:credit`, 'meters', -4000, 0],
    ]);
  });

  it.each([
    ['channel:wechat', 'channel-bill'],
    ['fee:wechat', 'channel-bill'],
    [`${GRID}:credit`, 'grid-bill'],
    [`${GRID}:arrears`, 'grid-bill'],
    [`${GRID}:fee`, 'grid-bill'],
    ['channel:alipay', 'channel-bill'],
  ])('%s off by one fen is a case, once', async (account, against) => {
    await w.bought(1, 2);
    await tamper(account);
    expect(await wrong()).toMatchObject([
      { day: DAY, account, against, differenceFen: 1, unexplainedFen: 1 },
    ]);
    expect(await wrong()).toHaveLength(1);
    expect((await w.books.days.get(DAY))?.counts).toEqual({ ACCOUNT_DIFF: 1 });
  });

  it('a fee that was posted and is not the bill’s any more is made up for, not a case', async () => {
    await w.bought(1);
    const totals = { payments: 1, paidFen: 5000, refunds: 0, refundedFen: 0, feeFen: 29 };
    await postFees(w.books.ledger, [{ channel: 'wechat', day: DAY, totals }]);
    expect(await wrong()).toEqual([]);
    expect((await w.books.ledger.turnover()).get('fee:wechat')).toBe(300);
  });

  it('a meter that took one fen more, took it twice, or took what was not sold is a case', async () => {
    const [one] = await w.bought(1);
    if (one === undefined) throw new Error('Nothing was bought.');
    const sold = w.papers.lines.get(DAY) ?? [];
    const stranger = { ...one, _id: '260301100000000008' };
    const said: [string, number][] = [
      [lineOf(one, 'credited', [5000, 4001, 990, 10]), 1],
      [`${lineOf(one, 'credited')}\n${lineOf(one, 'credited')}`, 4000],
      [lineOf(stranger, 'credited'), 4000],
    ];
    for (const [lines, fen] of said) {
      w.papers.lines.set(DAY, [...sold, lines]);
      await w.books.reconciler.run({ first: DAY, by: 'u9' });
      const meters = (await w.books.days.get(DAY))?.accounts?.find(({ against }) => against === 'meters');
      expect(meters).toMatchObject({ account: `${GRID}:credit`, unexplainedFen: fen });
    }
    expect(await w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 5 }, WHOLE_PROVINCE)).toHaveLength(1);
  });

  it('a paper off by one fen is the case of its line, and the account shows how much', async () => {
    const [one] = await w.bought(1);
    if (one === undefined) throw new Error('Nothing was bought.');
    w.papers.rows.set(DAY, [rowOf(one, { fen: 5001 })]);
    w.papers.lines.set(DAY, [lineOf(one, 'sold', [5000, 3999, 991, 10])]);
    expect(await wrong()).toEqual([]);
    const day = await w.books.days.get(DAY);
    expect(day?.counts).toEqual({ AMOUNT_DIFF: 2 });
    const off = day?.accounts?.filter(({ differenceFen }) => differenceFen !== 0);
    expect(
      off?.map(({ account, differenceFen, unexplainedFen }) => [account, differenceFen, unexplainedFen]),
    ).toEqual([
      ['channel:wechat', -1, 0],
      [`${GRID}:credit`, -1, 0],
      [`${GRID}:arrears`, 1, 0],
    ]);
  });

  it('an order whose events say one fen less than its facts is a case, though ledger and events agree', async () => {
    const one = boughtAt(1);
    const events = one.events.map((event) =>
      event.name === 'payment.succeeded' ? { ...event, data: { ...event.data, fen: 4999 } } : event,
    );
    await w.told([{ ...one, events }]);
    expect(await wrong()).toMatchObject([{ account: 'channel:wechat', unexplainedFen: -1 }]);
  });

  it('an order whose events cannot be read keeps no day from being run: its account shows it', async () => {
    const one = boughtAt(1);
    const events = one.events.map((event) =>
      event.name === 'sale.sold' ? { ...event, data: { ...event.data, feeFen: 'a few' } } : event,
    );
    await w.told([{ ...one, events }, boughtAt(2)]);
    const accounts = (await wrong()).map(({ account, unexplainedFen }) => [account, unexplainedFen]);
    expect(accounts.toSorted()).toEqual([
      ['channel:wechat', -5000],
      [`${GRID}:arrears`, 990],
      [`${GRID}:credit`, 4000],
      [`${GRID}:fee`, 10],
    ]);
    expect(await w.cases.list({ kind: 'ledger-unsound', limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { orderNo: one._id },
    ]);
  });

  it('what is booked after midnight by us and before it by the channel is no case on either day', async () => {
    const one = boughtAt(1);
    const at = new Date('2026-03-02T00:00:02+08:00');
    await w.told([{ ...one, events: one.events.map((event) => ({ ...event, at })), updatedAt: at }]);
    expect(await wrong()).toEqual([]);
    const row = (await w.books.days.get(DAY))?.accounts?.find(({ account }) => account === 'channel:wechat');
    expect(row).toMatchObject({ ledgerFen: -300, outsideFen: 4700, unexplainedFen: 0 });
    await w.books.reconciler.run({ first: '2026-03-02', by: 'u9' });
    expect(await w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 5 }, WHOLE_PROVINCE)).toEqual([]);
  });

  it('finds nothing in a campaign of everything that goes wrong, on any of its days', async () => {
    const { orders } = await runCampaign({ seed: 11, purchases: 60 });
    for (const order of orders) await w.orders.insert(order);
    const dates = orders
      .flatMap((order) => order.events.map(({ at }) => at.toISOString().slice(0, 10)))
      .toSorted();
    const first = dates[0] ?? DAY;
    w.clock.jump(Date.parse(dates.at(-1) ?? DAY) + 3 * 86_400_000 - w.clock.now());
    await w.books.reconciler.run({ first, last: dates.at(-1) ?? DAY, by: 'u9' });
    expect(await w.cases.list({ kind: 'ACCOUNT_DIFF', limit: 20 }, WHOLE_PROVINCE)).toEqual([]);
  });
});
