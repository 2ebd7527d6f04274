import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { Posting } from '../ledger/posting.ts';
import { sumsOf } from './day-sums.ts';
import { channelsOf, moneyOf } from './money-day.ts';

const GRID = 'collection-v1';
const FLOATS = new Map([['tiantan', '天坛社区']]);
const DAY = '2026-03-01';

let n = 0;
function posting(name: string, legs: Record<string, number>, group = 'money'): Posting {
  n += 1;
  return {
    ...{
      source: `26030112000000000${n % 10}`,
      n,
      group,
      name,
      day: DAY,
      at: new Date('2026-03-01T04:00:00Z'),
    },
    legs: Object.entries(legs).map(([account, fen]) => ({ account, fen })),
  };
}

async function* each(postings: readonly Posting[]): AsyncGenerator<Posting> {
  yield* postings;
}

async function moneyOfPostings(postings: readonly Posting[]) {
  const sums = await sumsOf(each(postings));
  const channels = channelsOf(new Set(['wechat']), sums);
  return moneyOf({ grid: GRID, sums, reconciled: undefined, channels, floats: FLOATS });
}

describe('the money of a day', () => {
  it('is said under its headings', async () => {
    const money = await moneyOfPostings([
      posting('payment.succeeded', { 'channel:wechat': 5000, [ACCOUNTS.held]: -5000 }),
      posting('sale.sold', {
        ...{ [ACCOUNTS.held]: 4500, 'discount:street': 500 },
        ...{ [ACCOUNTS.gridCredit(GRID)]: -4000, [ACCOUNTS.gridArrears(GRID)]: -990 },
        [ACCOUNTS.gridFee(GRID)]: -10,
      }),
      posting(
        'sale.sold',
        { [ACCOUNTS.gridDrawn(GRID)]: 5000, [ACCOUNTS.gridDeposit(GRID)]: -5000 },
        'deposit',
      ),
      posting('refund.approved', { [ACCOUNTS.held]: 500, [ACCOUNTS.refundable]: -500 }),
      posting('refund.done', { [ACCOUNTS.refundable]: 500, 'channel:wechat': -500 }),
      posting('bill.fee', { 'fee:wechat': 30, 'channel:wechat': -30 }, 'fee'),
      posting('payment.succeeded', { 'float:tiantan': 3000, [ACCOUNTS.held]: -3000 }),
      posting('float.top-up', { bank: 100_000, 'float:tiantan': -100_000 }, 'float'),
    ]);
    expect(money).toEqual({
      reconciled: { state: 'none', stale: false, counts: {} },
      grid: {
        ...{ grid: GRID, sales: 1, undone: 0, creditFen: 4000, arrearsFen: 990, feeFen: 10, owedFen: 5000 },
        ...{ drawnFen: 5000, toPayFen: 0, transfer: null },
        compared: 'not-yet',
      },
      channels: [
        {
          ...{ channel: 'wechat', payments: 1, paidFen: 5000, refunds: 1, refundedFen: 500, feeFen: 30 },
          ...{ settledFen: 0, netFen: 4470, compared: 'not-yet' },
        },
      ],
      floats: [
        {
          ...{ float: 'tiantan', name: '天坛社区', payments: 1, takenFen: 3000, givenBackFen: 0 },
          ...{ toppedUpFen: 100_000, settledFen: 0 },
        },
      ],
      discounts: [{ funder: 'street', fen: 500 }],
      ...{ heldFen: 3000, refundableFen: 0 },
      others: [
        { account: ACCOUNTS.gridDeposit(GRID), fen: -5000 },
        { account: 'bank', fen: 100_000 },
      ],
    });
  });

  it('names a channel that took money and is configured no more', async () => {
    const { channels } = await moneyOfPostings([
      posting('payment.succeeded', { 'channel:bestpay': 100, [ACCOUNTS.held]: -100 }),
    ]);
    expect(channels.map(({ channel, netFen }) => [channel, netFen])).toEqual([
      ['wechat', 0],
      ['bestpay', 100],
    ]);
  });

  it('shows what two persons settled on a channel and a float', async () => {
    const { channels, floats } = await moneyOfPostings([
      posting('case.settled', { 'channel:wechat': -70, 'float:tiantan': 70 }, 'case'),
    ]);
    expect([channels[0]?.settledFen, floats[0]?.settledFen]).toEqual([-70, 70]);
  });

  const account = fc.constantFrom(
    ...[ACCOUNTS.held, ACCOUNTS.refundable, ACCOUNTS.refundsOurs, ACCOUNTS.elsewhere, 'bank', 'bank:grid'],
    ...[ACCOUNTS.suspenseSale, ACCOUNTS.suspenseReconcile, 'float:tiantan', 'float:gone', 'discount:street'],
    ...[ACCOUNTS.gridCredit(GRID), ACCOUNTS.gridArrears(GRID), ACCOUNTS.gridFee(GRID)],
    ...[ACCOUNTS.gridDrawn(GRID), ACCOUNTS.gridDeposit(GRID), ACCOUNTS.gridCredit('other')],
    ...['channel:wechat', 'fee:wechat', 'channel:alipay', 'fee:alipay'],
  );
  const name = fc.constantFrom(
    ...['payment.succeeded', 'sale.sold', 'sale.undone', 'refund.approved', 'refund.done', 'bill.fee'],
    ...['float.top-up', 'float.top-up-undone', 'case.settled'],
  );

  it('leaves no fen out: what is under all headings is zero, as the books are', async () => {
    const one = fc.record({ name, from: account, to: account, fen: fc.integer({ min: 1, max: 1e9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 40 }), async (all) => {
        const money = await moneyOfPostings(
          all
            .filter(({ from, to }) => from !== to)
            .map(({ from, to, fen, name: of }) => posting(of, { [from]: fen, [to]: -fen })),
        );
        const { grid, channels, floats, discounts, heldFen, refundableFen, others } = money;
        const total = (fens: readonly number[]): number => fens.reduce((sum, fen) => sum + fen, 0);
        expect(
          grid.drawnFen -
            grid.owedFen -
            heldFen -
            refundableFen +
            total(channels.map(({ netFen, feeFen }) => netFen + feeFen)) +
            total(
              floats.map(
                ({ takenFen, givenBackFen, toppedUpFen, settledFen }) =>
                  takenFen - givenBackFen - toppedUpFen + settledFen,
              ),
            ) +
            total(discounts.map(({ fen }) => fen)) +
            total(others.map(({ fen }) => fen)),
        ).toBe(0);
      }),
    );
  });
});
