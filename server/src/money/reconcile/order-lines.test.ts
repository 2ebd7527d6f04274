import { describe, expect, it } from 'vitest';
import type { Order, Refund } from '../../orders/model/order.ts';
import { MemoryOrderDays } from '../../testing/memory-days.ts';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import type { Item } from './items.ts';
import { channelLine, linesOfOrder, linesOfOrders } from './order-lines.ts';
import { Wanted } from './wanted.ts';

const ALL = new Wanted({ first: '2026-01-01', last: '2026-12-31' });
const AT = SAMPLE_TIME.toISOString();

function bought(n: number, over: Partial<Order> = {}): Order {
  const _id = `26030110000000000${n}`;
  return sampleOrder({
    _id,
    payments: [
      samplePayment({
        ...{ no: `${_id}p1`, status: 'succeeded', transactionId: `42${n}`, paidAt: SAMPLE_TIME, funds: true },
      }),
    ],
    sale: {
      status: 'sold',
      sentAt: SAMPLE_TIME,
      saleNo: `S${n}`,
      creditFen: 4000,
      arrearsFen: 990,
      feeFen: 10,
    },
    ...over,
  });
}

const refundOf = ({ _id }: Order): Refund => ({
  ...{ no: `${_id}p1r5`, paymentNo: `${_id}p1`, fen: 300, at: SAMPLE_TIME },
  ...({ status: 'done', reason: 'requested' } as const),
});
const lineOf = (n: number): string =>
  `26030110000000000${n},wechat/26030110000000000${n}p1,42${n},5000,paid,S${n},5000,4000,990,10,sold,${AT},${AT}\n`;

describe('an order’s lines', () => {
  it('are one where it has one payment and one sale, and more where there is more of one of them', () => {
    expect(linesOfOrder(bought(1), ALL)).toBe(lineOf(1));
    const refunded = bought(1, { refunds: [refundOf(bought(1))] });
    expect(linesOfOrder(refunded, ALL)).toBe(
      `${lineOf(1)}${refunded._id},wechat/${refunded._id}p1r5,,300,refund-done,,,,,,,${AT},\n`,
    );
    const undone = bought(1, {
      payments: [],
      sale: { status: 'rejected', saleNo: 'S1', sentAt: SAMPLE_TIME },
      events: [{ n: 1, at: SAMPLE_TIME, name: 'sale.undone', by: 'grid' }],
    });
    const sale = (status: string): string => `${undone._id},,,,,S1,5000,0,0,0,${status},,${AT}\n`;
    expect(linesOfOrder(undone, ALL)).toBe(sale('sold') + sale('reversed'));
  });

  it('are none of what no bill has to have, and none of other days', () => {
    const open = sampleOrder({
      payments: [samplePayment()],
      sale: { status: 'unknown', sentAt: SAMPLE_TIME },
    });
    expect(linesOfOrder(open, ALL)).toBe('');
    expect(linesOfOrder(bought(1), new Wanted({ first: '2026-03-02', last: '2026-03-02' }))).toBe('');
    const withoutGrid = new Wanted({ first: '2026-03-01', last: '2026-03-01' }, ['grid:collection-v1']);
    expect(linesOfOrder(bought(1), withoutGrid)).toBe(
      `${bought(1)._id},wechat/${bought(1)._id}p1,421,5000,paid,,,,,,,${AT},\n`,
    );
  });
});

describe('the lines of all orders', () => {
  it('are those of each, also of an order that has to be read once more', async () => {
    const orders = new MemoryOrderDays();
    const odd = bought(2, { refunds: [refundOf(bought(2))] });
    orders.orders = [bought(1), odd, sampleOrder({ _id: '260301100000000003' }), bought(4)];
    let text = '';
    for await (const piece of linesOfOrders(orders.store(), ALL)) text += piece;
    expect(text).toBe(lineOf(1) + linesOfOrder(odd, ALL) + lineOf(4));
    expect(orders.asked).toEqual([ALL.days]);
  });

  it('read whole only the orders that are not plain', async () => {
    const orders = new MemoryOrderDays();
    const odd = bought(2, { refunds: [refundOf(bought(2))] });
    orders.orders = [bought(1), odd];
    const read: string[] = [];
    const some = orders.some.bind(orders);
    orders.some = (nos) => {
      read.push(...nos);
      return some(nos);
    };
    for await (const _ of linesOfOrders(orders.store(), ALL));
    expect(read).toEqual([odd._id]);
  });
});

it('a channel’s line has what the channel kept before its moment', () => {
  const item: Item = {
    ...{ orderNo: 'o', pair: 'channel', from: 'bill', item: 'wechat/p', transactionId: '42', fen: 7 },
    ...{ status: 'paid', parts: [], at: AT },
  };
  expect(channelLine(item, 30_000)).toBe(`o,wechat/p,42,7,paid,30000,${AT}\n`);
});
