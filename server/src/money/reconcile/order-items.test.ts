import { describe, expect, it } from 'vitest';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { itemsOfOrder } from './order-items.ts';

const cash = samplePayment({ channel: 'cash', float: 'tianshan-1', status: 'succeeded', funds: true });
const back = { no: `${cash.no}r3`, paymentNo: cash.no, fen: 5000, status: 'done', at: SAMPLE_TIME } as const;

describe('what an order says of itself', () => {
  it('is "elsewhere" of the refund that was given back so, and of no other', () => {
    const payment = samplePayment({ status: 'succeeded', funds: true });
    const [first, second] = [1, 2].map((n) => ({
      ...{ no: `${payment.no}c${n}`, paymentNo: payment.no, fen: 100 * n, status: 'done' as const },
      ...{ reason: 'compensation' as const, at: SAMPLE_TIME },
    }));
    const event = { n: 9, name: 'refund.elsewhere' as const, by: 'zhang', at: SAMPLE_TIME };
    const order = sampleOrder({
      payments: [payment],
      refunds: [first, second].filter((each) => each !== undefined),
      events: [{ ...event, data: { no: second?.no ?? '', fen: 200 } }],
    });
    const refunds = itemsOfOrder(order).filter(({ status }) => status.startsWith('refund'));
    expect(refunds.map(({ fen, status }) => [fen, status])).toEqual([
      [100, 'refund-done'],
      [200, 'refund-elsewhere'],
    ]);
  });

  it('to a channel’s bill is nothing of cash, which is in no such bill', () => {
    const phone = samplePayment({ no: '260301100000000001p2' });
    const order = sampleOrder({ payments: [cash, phone], refunds: [{ ...back, reason: 'not-sold' }] });
    const channel = itemsOfOrder(order).filter(({ pair }) => pair === 'channel');
    expect(channel.map(({ item }) => item)).toEqual([`wechat/${phone.no}`]);
  });
});
