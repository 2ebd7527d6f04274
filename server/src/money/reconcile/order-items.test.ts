import { describe, expect, it } from 'vitest';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { itemsOfOrder, paperOf } from './order-items.ts';

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

describe('what an order says of its sale', () => {
  const parts = { creditFen: 4000, arrearsFen: 990, feeFen: 10 };
  const sold = { status: 'sold', saleNo: 'S1', sentAt: SAMPLE_TIME, ...parts } as const;
  const sales = (over: Parameters<typeof sampleOrder>[0]) =>
    itemsOfOrder(sampleOrder(over)).map(({ status, item, at, parts: said }) => [status, item, at, said]);
  const at = SAMPLE_TIME.toISOString();

  it('is all of it where it was sold, even where its reversal came to nothing', () => {
    expect(itemsOfOrder(sampleOrder({ sale: sold }))).toEqual([
      {
        ...{ orderNo: sampleOrder()._id, pair: 'grid', from: 'orders', item: 'S1', transactionId: '' },
        ...{ fen: 5000, status: 'sold', parts: [4000, 990, 10], at },
      },
    ]);
  });

  it('is nothing where none was ever sent', () => {
    expect(sales({ sale: { status: 'none' } })).toEqual([]);
    expect(sales({ sale: { status: 'rejected' } })).toEqual([]);
  });

  it('is that it is unsold, or undone, where the grid did not sell it', () => {
    const sent = { status: 'rejected', sentAt: SAMPLE_TIME } as const;
    expect(sales({ sale: sent })).toEqual([['unsold', '', at, [0, 0, 0]]]);
    expect(sales({ sale: sent, reversal: { status: 'refused' } })).toEqual([['unsold', '', at, [0, 0, 0]]]);
    expect(sales({ sale: sent, reversal: { status: 'reversed' } })).toEqual([['undone', '', at, [0, 0, 0]]]);
  });

  it('is both sale and reversal, each of its own moment, where the grid took it back', () => {
    const undone = new Date(SAMPLE_TIME.getTime() + 60_000);
    const events = [
      { n: 1, at: SAMPLE_TIME, name: 'sale.sold' as const, by: 'grid' },
      { n: 2, at: undone, name: 'sale.undone' as const, by: 'grid' },
    ];
    expect(sales({ sale: { ...sold, status: 'rejected' }, events })).toEqual([
      ['sold', 'S1', at, [4000, 990, 10]],
      ['reversed', 'S1', undone.toISOString(), [4000, 990, 10]],
    ]);
    const { sentAt: _, ...unsent } = sold;
    expect(sales({ sale: { ...unsent, status: 'rejected' }, events })[0]?.[2]).toBe('');
  });
});

describe('what an order says of its money', () => {
  it('is by the number under which the channel has it, paid or not, and by when it was paid', () => {
    const paidAt = new Date(SAMPLE_TIME.getTime() + 30_000);
    const payments = [
      samplePayment({ status: 'succeeded', channelNo: 'x9', transactionId: '42', paidAt, amountFen: 4999 }),
      samplePayment({ no: '260301100000000001p2', status: 'closed' }),
    ];
    expect(itemsOfOrder(sampleOrder({ payments }))).toEqual([
      {
        ...{ orderNo: sampleOrder()._id, pair: 'channel', from: 'orders', item: 'wechat/x9', fen: 4999 },
        ...{ transactionId: '42', status: 'paid', parts: [], at: paidAt.toISOString() },
      },
      {
        ...{ orderNo: sampleOrder()._id, pair: 'channel', from: 'orders', fen: 5000, transactionId: '' },
        ...{
          item: 'wechat/260301100000000001p2',
          status: 'unpaid',
          parts: [],
          at: SAMPLE_TIME.toISOString(),
        },
      },
    ]);
  });

  it('is of a refund how far it is, by when it was sent; one that is only asked for counts as approved', () => {
    const payment = samplePayment({ status: 'succeeded' });
    const sentAt = new Date(SAMPLE_TIME.getTime() + 90_000);
    const refund = { paymentNo: payment.no, fen: 300, reason: 'requested', at: SAMPLE_TIME } as const;
    const refunds = [
      { ...refund, no: 'r1', status: 'requested' as const },
      { ...refund, no: 'r2', status: 'sent' as const, sentAt },
      { ...refund, no: 'r3', status: 'abnormal' as const, paymentNo: 'of no payment' },
    ];
    const found = itemsOfOrder(sampleOrder({ payments: [payment], refunds })).slice(1);
    expect(found).toEqual([
      {
        ...{ orderNo: sampleOrder()._id, pair: 'channel', from: 'orders', item: 'wechat/r1', fen: 300 },
        ...{ transactionId: '', status: 'refund-approved', parts: [], at: SAMPLE_TIME.toISOString() },
      },
      expect.objectContaining({ item: 'wechat/r2', status: 'refund-sent', at: sentAt.toISOString() }),
    ]);
  });

  it('is in the paper of its channel, as a sale is in its grid’s', () => {
    const order = sampleOrder({ payments: [samplePayment()], sale: { status: 'sold', saleNo: 'S/1' } });
    expect(itemsOfOrder(order).map((item) => paperOf(order, item))).toEqual([
      'channel:wechat',
      'grid:collection-v1',
    ]);
  });
});
