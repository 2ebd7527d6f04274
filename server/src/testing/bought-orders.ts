import type { ChannelBillRow } from '../gateways/payment/contract.ts';
import type { Order } from '../orders/model/order.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';

/** On which the orders are bought. */
export const DAY = '2026-03-01';

/** 50.00, paid and sold at noon in China, with the events that say so. */
export function boughtAt(digit: number): Order {
  const at = new Date(`${DAY}T12:00:00+08:00`);
  const _id = `26030110000000000${digit}`;
  const no = `${_id}p1`;
  const parts = { creditFen: 4000, arrearsFen: 990, feeFen: 10 };
  return sampleOrder({
    ...{
      _id,
      idempotencyKey: _id,
      state: 'done',
      createdAt: at,
      updatedAt: at,
      meterNo: `00000000000${digit}`,
    },
    payments: [
      samplePayment({
        ...{ no, status: 'succeeded', transactionId: `42${_id}`, paidAt: at, funds: true },
        ...{ createdAt: at, codeUrl: null },
      }),
    ],
    sale: { status: 'sold', sentAt: at, saleNo: `S${_id}`, ...parts },
    saleSlot: _id,
    events: [
      { n: 1, at, name: 'payment.succeeded', by: 'channel', data: { no, fen: 5000 } },
      { n: 2, at, name: 'sale.sold', by: 'grid', data: { saleNo: `S${_id}`, count: 2, ...parts } },
    ],
  });
}

/** A payment's row in the channel's bill; the channel keeps 0.30. */
export function rowOf(
  order: Order,
  over: Partial<ChannelBillRow & { kind: 'payment' }> = {},
): ChannelBillRow {
  return {
    ...{ kind: 'payment', paymentNo: `${order._id}p1`, transactionId: `42${order._id}`, fen: 5000 },
    ...{ feeMilliFen: 300_000, at: order.createdAt },
    ...over,
  };
}

/** A line of the grid's bill. */
export function lineOf(
  order: Order,
  status = 'sold',
  parts: readonly number[] = [5000, 4000, 990, 10],
): string {
  const head = [order._id, `S${order._id}`, '650100000001', order.meterNo, 2];
  return [...head, ...parts, 'card', status, order.createdAt.toISOString()].join(',');
}
