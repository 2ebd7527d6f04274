import { describe, expect, it } from 'vitest';
import type { Order, OrderEvent, Refund } from '../../orders/model/order.ts';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { LedgerError } from './error.ts';
import { postingsOf } from './order-postings.ts';
import type { Leg } from './posting.ts';

const NO = '260301100000000001p1';
const REFUND = `${NO}r4`;
type Told = readonly [OrderEvent['name'], OrderEvent['data']?];
const PAID: Told = ['payment.succeeded', { no: NO, fen: 5000 }];
const SOLD: Told = ['sale.sold', { creditFen: 4000, arrearsFen: 990, feeFen: 10 }];
const APPROVED: Told = ['refund.approved', { no: REFUND, fen: 5000 }];
const BACK: Refund = {
  ...{ no: REFUND, paymentNo: NO, fen: 5000, at: SAMPLE_TIME },
  ...({ status: 'done', reason: 'not-sold' } as const),
};

/** An order of which this was told, one after the other. */
function told(events: readonly Told[], over: Partial<Order> = {}): Order {
  return sampleOrder({
    payments: [samplePayment({ no: NO, status: 'succeeded' })],
    refunds: [BACK],
    events: events.map(([name, data], at) => ({
      ...{ n: at + 1, name, at: SAMPLE_TIME, by: 'x' },
      ...(data === undefined ? {} : { data }),
    })),
    ...over,
  });
}

/** The legs of the last of them; none where it makes no posting. */
function lastLegs(events: readonly Told[], over: Partial<Order> = {}): Record<string, number> {
  const legs = postingsOf(told(events, over)).find(({ n }) => n === events.length)?.legs ?? [];
  return Object.fromEntries(legs.map(({ account, fen }: Leg) => [account, fen]));
}

describe('an event of an order', () => {
  it('is posted with whose order it is, and on its day in China', () => {
    const [posting] = postingsOf(told([PAID]));
    const order = sampleOrder();
    expect(posting).toMatchObject({
      ...{ source: order._id, n: 1, group: 'money', name: 'payment.succeeded', at: SAMPLE_TIME },
      ...{ day: '2026-03-01', terminalId: order.terminalId, meterNo: order.meterNo },
    });
  });

  it('of cash is the float’s that took it, and of none that is named where none is', () => {
    const cash = (float?: string) => ({
      payments: [samplePayment({ no: NO, channel: 'cash', ...(float === undefined ? {} : { float }) })],
    });
    expect(lastLegs([PAID], cash('tianshan-1'))).toEqual({ 'float:tianshan-1': 5000, 'payer:held': -5000 });
    expect(lastLegs([PAID], cash())).toEqual({ 'float:unnamed': 5000, 'payer:held': -5000 });
    expect(lastLegs([PAID, APPROVED, ['refund.done', { no: REFUND }]], cash('tianshan-1'))).toEqual({
      'payer:refundable': 5000,
      'float:tianshan-1': -5000,
    });
  });

  it('is of the payment that it names, where there are two', () => {
    const second = samplePayment({ no: `${NO}x1`, channel: 'alipay', status: 'succeeded' });
    const two = { payments: [samplePayment({ no: NO, status: 'closed' }), second] };
    expect(lastLegs([['payment.succeeded', { no: second.no, fen: 5000 }]], two)).toEqual({
      'channel:alipay': 5000,
      'payer:held': -5000,
    });
  });

  it('of a sale with a discount is partly its funder’s', () => {
    const less = { discountFen: 500, paidFen: 4500 };
    const parts = {
      'grid:collection-v1:credit': -4000,
      'grid:collection-v1:arrears': -990,
      'grid:collection-v1:fee': -10,
    };
    const paid: Told = ['payment.succeeded', { no: NO, fen: 4500 }];
    const rule = { rule: 'r1', funder: 'civil-affairs' } as Order['discount'];
    expect(lastLegs([paid, SOLD], { ...less, ...(rule === undefined ? {} : { discount: rule }) })).toEqual({
      ...parts,
      'payer:held': 4500,
      'discount:civil-affairs': 500,
    });
    expect(lastLegs([paid, SOLD], less)).toMatchObject({ 'discount:unnamed': 500 });
  });

  it('of a sale without its arrears and fee takes them from the order, and its credit never', () => {
    const sale = { status: 'sold', creditFen: 1, arrearsFen: 990, feeFen: 10 } as const;
    expect(lastLegs([PAID, ['sale.sold', { creditFen: 4000 }]], { sale })).toEqual(lastLegs([PAID, SOLD]));
    expect(() => lastLegs([PAID, ['sale.sold', { arrearsFen: 990, feeFen: 10 }]], { sale })).toThrow(
      'has no usable creditFen',
    );
  });

  it('of a sale that is told again replaces what was told before', () => {
    const again: Told = ['sale.sold', { creditFen: 4100, arrearsFen: 890, feeFen: 10 }];
    expect(lastLegs([PAID, SOLD, again])).toEqual({
      'grid:collection-v1:credit': -100,
      'grid:collection-v1:arrears': 100,
    });
    expect(lastLegs([PAID, SOLD, SOLD])).toEqual({});
  });

  it('of a sale that is undone gives the payer everything back, once', () => {
    const undone: Told = ['sale.undone'];
    expect(lastLegs([PAID, SOLD, undone])).toEqual({
      'payer:held': -5000,
      'grid:collection-v1:credit': 4000,
      'grid:collection-v1:arrears': 990,
      'grid:collection-v1:fee': 10,
    });
    expect(lastLegs([PAID, SOLD, undone, undone])).toEqual({});
    expect(lastLegs([PAID, undone])).toEqual({});
  });
});

describe('a refund of an order', () => {
  it('is owed from what is held as far as that goes, and beyond at our own expense', () => {
    expect(lastLegs([PAID, APPROVED])).toEqual({ 'payer:held': 5000, 'payer:refundable': -5000 });
    expect(lastLegs([PAID, ['refund.approved', { no: REFUND, fen: 5001 }]])).toEqual({
      ...{ 'payer:held': 5000, 'refunds:ours': 1, 'payer:refundable': -5001 },
    });
    expect(lastLegs([PAID, SOLD, APPROVED])).toEqual({ 'refunds:ours': 5000, 'payer:refundable': -5000 });
  });

  it('takes nothing of what is held where that is less than nothing', () => {
    expect(lastLegs([SOLD, ['refund.approved', { no: REFUND, fen: 100 }]])).toEqual({
      'refunds:ours': 100,
      'payer:refundable': -100,
    });
  });

  it('that is rejected is owed no more, and neither rejected nor paid again', () => {
    const rejected: Told = ['refund.rejected', { no: REFUND }];
    expect(lastLegs([PAID, APPROVED, rejected])).toEqual({ 'payer:held': -5000, 'payer:refundable': 5000 });
    expect(lastLegs([PAID, APPROVED, rejected, rejected])).toEqual({});
    expect(lastLegs([PAID, APPROVED, rejected, ['refund.done', { no: REFUND }]])).toEqual({});
  });

  it('that is told to be done twice, or of which nothing is owed, is posted once or not at all', () => {
    const done: Told = ['refund.done', { no: REFUND }];
    expect(lastLegs([PAID, APPROVED, done])).toEqual({ 'payer:refundable': 5000, 'channel:wechat': -5000 });
    expect(postingsOf(told([PAID, APPROVED, done, done])).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(lastLegs([PAID, done])).toEqual({});
    expect(lastLegs([PAID, APPROVED, done, ['refund.rejected', { no: REFUND }]])).toEqual({});
  });

  it('at our own expense is the payer’s own money once the sale is undone', () => {
    expect(lastLegs([PAID, SOLD, ['refund.approved', { no: REFUND, fen: 300 }], ['sale.undone']])).toEqual({
      ...{ 'payer:held': -4700, 'refunds:ours': -300 },
      ...{
        'grid:collection-v1:credit': 4000,
        'grid:collection-v1:arrears': 990,
        'grid:collection-v1:fee': 10,
      },
    });
  });
});

describe('an event that does not say what the books need', () => {
  it.each<[string, readonly Told[]]>([
    [
      '1 (payment.succeeded) of order 260301100000000001 has no usable fen',
      [['payment.succeeded', { no: NO }]],
    ],
    [
      '1 (payment.succeeded) of order 260301100000000001 has no usable fen',
      [['payment.succeeded', { no: NO, fen: 0.5 }]],
    ],
    [
      '1 (payment.succeeded) of order 260301100000000001 has no usable fen',
      [['payment.succeeded', { no: NO, fen: '5' }]],
    ],
    [
      '1 (payment.succeeded) of order 260301100000000001 has no usable no',
      [['payment.succeeded', { fen: 5000 }]],
    ],
    [
      '1 (payment.succeeded) of order 260301100000000001 has no usable no',
      [['payment.succeeded', { no: 7, fen: 5000 }]],
    ],
    ['1 (sale.sold) of order 260301100000000001 has no usable creditFen', [['sale.sold']]],
    [
      '1 (sale.sold) of order 260301100000000001 has no usable arrearsFen',
      [['sale.sold', { creditFen: 5000 }]],
    ],
    [
      '1 (sale.sold) of order 260301100000000001 has no usable feeFen',
      [['sale.sold', { creditFen: 5000, arrearsFen: 0 }]],
    ],
    [
      '1 (refund.approved) of order 260301100000000001 has no usable fen',
      [['refund.approved', { no: REFUND }]],
    ],
    ['1 (refund.approved) of order 260301100000000001 has no usable no', [['refund.approved', { fen: 1 }]]],
    ['1 (refund.rejected) of order 260301100000000001 has no usable no', [['refund.rejected']]],
    ['1 (refund.done) of order 260301100000000001 has no usable no', [['refund.done']]],
    ['1 (refund.elsewhere) of order 260301100000000001 has no usable no', [['refund.elsewhere', { fen: 1 }]]],
  ])('is unreadable, and says so: %s', (words, events) => {
    const unread = (): unknown => postingsOf(told(events));
    expect(unread).toThrow(LedgerError);
    expect(unread).toThrow(
      expect.objectContaining({
        code: 'ledger.event-unreadable',
        message: `Event ${words}. Look at the order.`,
      }),
    );
  });

  it('of a payment or a refund that its order does not have is unreadable, too', () => {
    const strange = (): unknown => postingsOf(told([PAID], { payments: [] }));
    expect(strange).toThrow(
      expect.objectContaining({
        code: 'ledger.event-unreadable',
        message: `Order 260301100000000001 names the payment ${NO}, which it does not have. Look at its events.`,
      }),
    );
    const done: Told = ['refund.done', { no: REFUND }];
    expect(() => postingsOf(told([PAID, APPROVED, done], { refunds: [{ ...BACK, no: 'another' }] }))).toThrow(
      'Event 3 (refund.done) of order 260301100000000001 has no usable no.',
    );
  });
});
