import { describe, expect, it } from 'vitest';
import type { Order, OrderEvent, Refund } from '../../orders/model/order.ts';
import { boughtAt, DAY } from '../../testing/bought-orders.ts';
import { MemoryOrderDays } from '../../testing/memory-days.ts';
import { accountSums, isPapered } from './account-sums.ts';

const GRID = 'grid:collection-v1';
const ONE = boughtAt(1);
const NO = `${ONE._id}p1`;
const AT = new Date(`${DAY}T13:00:00+08:00`);
const SOLD = {
  'channel:wechat': 5000,
  [`${GRID}:credit`]: -4000,
  [`${GRID}:arrears`]: -990,
  [`${GRID}:fee`]: -10,
};

async function sums(orders: Order[], day = DAY) {
  const days = new MemoryOrderDays();
  days.orders = orders;
  const { events, drift } = await accountSums(days.store(), day);
  const off = Object.fromEntries([...drift].filter(([, fen]) => fen !== 0));
  return { events: Object.fromEntries(events), off, asked: days.asked };
}

const more = (
  order: Order,
  over: Partial<Order>,
  ...events: Omit<OrderEvent, 'n' | 'by' | 'at'>[]
): Order => ({
  ...{ ...order, ...over },
  events: [...order.events, ...events.map((event, n) => ({ n: 3 + n, by: 'x', at: AT, ...event }))],
});
const refund: Refund = {
  ...{ no: `${NO}r5`, paymentNo: NO, fen: 5000, at: AT, sentAt: AT },
  ...({ status: 'done', reason: 'not-credited' } as const),
};
const approved = { name: 'refund.approved', data: { no: refund.no, fen: 5000 } } as const;
const done = { name: 'refund.done', data: { no: refund.no } } as const;

describe('what a day’s orders do to the accounts that have papers', () => {
  it('is what their events of that day say, and no drift where their facts say the same', async () => {
    const { events, off, asked } = await sums([ONE, boughtAt(2)]);
    const twice = Object.entries(SOLD).map(([account, fen]) => [account, 2 * fen]);
    expect([events, off]).toEqual([Object.fromEntries(twice), {}]);
    expect(asked).toEqual([{ first: DAY, last: DAY }]);
  });

  it('is nothing of another day’s events, whose facts count all the same', async () => {
    expect(await sums([ONE], '2026-03-02')).toMatchObject({ events: {}, off: {} });
  });

  it('is no drift of what was given back, undone, or is under way', async () => {
    const undone = more(
      ONE,
      { sale: { ...ONE.sale, status: 'rejected' }, reversal: { status: 'reversed' }, refunds: [refund] },
      { name: 'sale.undone' },
      approved,
      done,
    );
    const { events, off } = await sums([undone]);
    expect([events, off]).toEqual([
      { 'channel:wechat': 0, [`${GRID}:credit`]: 0, [`${GRID}:arrears`]: 0, [`${GRID}:fee`]: 0 },
      {},
    ]);
    const underWay = more(ONE, { refunds: [{ ...refund, status: 'sent' }] }, approved);
    expect(await sums([underWay])).toMatchObject({ events: SOLD, off: {} });
    const unpaid = {
      ...ONE,
      payments: ONE.payments.map((each) => ({ ...each, status: 'closed' as const })),
      ...{ sale: { status: 'unknown' as const, sentAt: AT }, events: [] },
    };
    expect(await sums([unpaid])).toMatchObject({ events: {}, off: {} });
  });

  it('is drift where facts and events are not the same, on the account on which they are not', async () => {
    const facts = { ...ONE, sale: { ...ONE.sale, creditFen: 4001, feeFen: 9 } };
    expect((await sums([facts])).off).toEqual({ [`${GRID}:credit`]: 1, [`${GRID}:fee`]: -1 });
    const given = { ...ONE, refunds: [refund] };
    expect((await sums([given])).off).toEqual({ 'channel:wechat': 5000 });
    const untold = { ...ONE, events: [] };
    expect((await sums([untold])).off).toEqual({
      ...{ 'channel:wechat': -5000, [`${GRID}:credit`]: 4000, [`${GRID}:arrears`]: 990, [`${GRID}:fee`]: 10 },
    });
  });

  it('is drift of an order whose events cannot be read, and of no other one', async () => {
    const bent = { ...ONE, events: ONE.events.map((event) => ({ ...event, data: {} })) };
    const { events, off } = await sums([bent, boughtAt(2)]);
    expect(events).toEqual(SOLD);
    expect(off['channel:wechat']).toBe(-5000);
  });

  it('does not pass over an error that is none of the books’', async () => {
    const odd = { ...ONE, events: undefined } as unknown as Order;
    await expect(sums([odd])).rejects.toThrow(TypeError);
  });
});

it('has papers of channels and of grids, and of no other account', () => {
  const accounts = ['channel:wechat', `${GRID}:fee`, 'fee:wechat', 'payer:held', 'float:channel:1'];
  expect(accounts.filter((account) => isPapered({ account }))).toEqual(['channel:wechat', `${GRID}:fee`]);
});
