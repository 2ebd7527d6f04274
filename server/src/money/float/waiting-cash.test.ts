import { describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { waitingCash } from './waiting-cash.ts';

/** Cash of a float that waits for its household. */
function owed(n: number, float = 'tianshan-1'): Order {
  const _id = `26030110000000${String(n).padStart(4, '0')}`;
  const payments = [samplePayment({ no: `${_id}p1`, channel: 'cash', float })];
  const refund = { no: `${_id}p1r3`, paymentNo: `${_id}p1`, fen: 5000, at: SAMPLE_TIME } as const;
  const state = { status: 'done', reason: 'not-sold', handOut: { status: 'owed' } } as const;
  return sampleOrder({ _id, payments, refunds: [{ ...refund, ...state }] });
}

async function read(orders: Order[], float?: string) {
  const asked: unknown[] = [];
  const withCashOwed: OrderStore['withCashOwed'] = (of, scope) => {
    asked.push([of, scope]);
    return Promise.resolve(orders.filter(({ _id }) => _id > (of.after ?? '')).slice(0, of.limit));
  };
  const found: string[] = [];
  for await (const { order } of waitingCash({ withCashOwed }, float)) found.push(order._id);
  return { found, asked };
}

describe('cash that waits', () => {
  it('is read two hundred orders at a time, up to the last', async () => {
    const orders = Array.from({ length: 450 }, (_, n) => owed(n));
    const { found, asked } = await read(orders);
    expect(found).toEqual(orders.map(({ _id }) => _id));
    const after = [undefined, orders[199]?._id, orders[399]?._id];
    expect(asked).toEqual(
      after.map((each): unknown[] => [{ float: undefined, after: each, limit: 200 }, expect.anything()]),
    );
    expect((await read(orders.slice(0, 200))).asked).toHaveLength(2);
  });

  it('is that of one float where it is named, of an order that has two as well', async () => {
    const both = owed(1);
    const other = owed(2, 'other');
    const order = {
      ...both,
      payments: [...both.payments, ...other.payments],
      refunds: [...both.refunds, ...other.refunds],
    };
    expect((await read([order, other], 'tianshan-1')).found).toEqual([both._id]);
    expect((await read([order, other])).found).toHaveLength(3);
  });
});
