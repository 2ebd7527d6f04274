import { describe, expect, it } from 'vitest';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { itemsOfOrder } from './order-items.ts';

const cash = samplePayment({ channel: 'cash', float: 'tianshan-1', status: 'succeeded', funds: true });
const back = { no: `${cash.no}r3`, paymentNo: cash.no, fen: 5000, status: 'done', at: SAMPLE_TIME } as const;

describe('what an order says of itself', () => {
  it('to a channel’s bill is nothing of cash, which is in no such bill', () => {
    const phone = samplePayment({ no: '260301100000000001p2' });
    const order = sampleOrder({ payments: [cash, phone], refunds: [{ ...back, reason: 'not-sold' }] });
    const channel = itemsOfOrder(order).filter(({ pair }) => pair === 'channel');
    expect(channel.map(({ item }) => item)).toEqual([`wechat/${phone.no}`]);
  });
});
