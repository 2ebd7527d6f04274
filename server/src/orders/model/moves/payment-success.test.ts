import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order, Payment } from '../order.ts';
import { checkSuccess, paymentSucceeded } from './payment.ts';
import { owe } from './refund.ts';
import { saleRejected, startSale } from './sale.ts';

const NOW = at(0);
const PAID_AT = at(-1000);
const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });
const having = (payments: Payment[], over: Partial<Order> = {}): Order => sampleOrder({ payments, ...over });
const success = { paymentNo: 'p1', transactionId: 't1', amountFen: 5000, paidAt: PAID_AT };
const paidAs = (payment: Payment, funds: boolean, transactionId = 't1') => ({
  ...payment,
  ...{ status: 'succeeded', codeUrl: null, transactionId, paidAt: PAID_AT, funds },
});
const funded = paidAs(pay('p1'), true) as Payment;
const received = (no: string, funds: boolean) => ({
  ...{ name: 'payment.succeeded', by: 'notification', data: { no, fen: 5000, funds } },
});
const INIT = { now: NOW, by: 'notification', slotTaken: false };

describe('what a channel says of a payment', () => {
  it.each([
    ['is new', having([pay('p1')]), 'new'],
    ['is known', having([funded]), 'known'],
    ['is new money on a number that was paid', having([{ ...funded, transactionId: 't0' }]), 'new'],
    [
      'is known money on a number that was paid twice',
      having([
        { ...funded, transactionId: 't0' },
        { ...funded, no: 'p1x1', channelNo: 'p1' },
      ]),
      'known',
    ],
    ['is new where another number has that transaction', having([pay('p1'), { ...funded, no: 'p2' }]), 'new'],
    ['fits no payment', having([pay('p2')]), 'no-such-payment'],
    ['is of another sum', having([pay('p1', { amountFen: 4999 })]), 'amount'],
  ] as const)('%s', (...[, order, check]) => {
    expect(checkSuccess(order, success)).toBe(check);
  });

  it('changes nothing where it fits none, is of another sum, or is known', () => {
    for (const order of [having([pay('p2')]), having([pay('p1', { amountFen: 4999 })]), having([funded])]) {
      expect(paymentSucceeded(order, success, INIT)).toBeUndefined();
    }
  });
});

describe('the first money for an order', () => {
  const others = [pay('p0'), pay('p2')] as const;
  const order = having([others[0], pay('p1', { lookAgainAt: NOW }), others[1]]);
  const payments = [others[0], funded, others[1]];
  const reached = { ...order, payments };

  it('funds it, and its sale is sent in the same move', () => {
    const sale = startSale(reached, NOW);
    expect(paymentSucceeded(order, success, INIT)).toStrictEqual({
      set: { payments, ...sale?.set },
      events: [received('p1', true), ...(sale?.events ?? [])],
    });
    expect(sale?.events).toHaveLength(1);
  });

  it('goes back where another order of its meter has its count', () => {
    const rejected = saleRejected(reached, 'slot-taken', NOW);
    expect(paymentSucceeded(order, success, { ...INIT, slotTaken: true })).toStrictEqual({
      set: { payments, ...rejected?.set },
      events: [received('p1', true), ...(rejected?.events ?? [])],
    });
    expect(rejected?.set.sale).toMatchObject({ status: 'rejected', reason: 'slot-taken' });
  });

  it('opens an order again that was being closed', () => {
    const closing = { ...order, closure: { status: 'asked', reason: 'cancelled' } } as const;
    const change = paymentSucceeded(closing, success, INIT);
    expect(change?.set.closure).toStrictEqual({ status: 'open' });
    expect(change?.events.slice(0, 2)).toStrictEqual([
      received('p1', true),
      { name: 'order.reopened', by: 'system', data: { was: 'asked' } },
    ]);
  });

  it('comes late where it is closed: it goes back', () => {
    const closed = { ...order, closure: { status: 'closed', reason: 'expired' } } as const;
    const late = paidAs(pay('p1'), false) as Payment;
    const after = [others[0], late, others[1]];
    const owed = owe({ ...closed, payments: after }, late, 'late-payment', NOW);
    expect(paymentSucceeded(closed, success, INIT)).toStrictEqual({
      set: { payments: after, ...owed?.set },
      events: [received('p1', false), ...(owed?.events ?? [])],
    });
    expect(owed?.set.refunds).toMatchObject([{ no: 'p1r2', fen: 5000, reason: 'late-payment' }]);
  });

  it('buys after all where late money shall', () => {
    const closed = { ...order, closure: { status: 'closed', reason: 'expired' } } as const;
    const change = paymentSucceeded(closed, success, { ...INIT, fulfilLate: true });
    expect(change?.set).toMatchObject({
      ...{ payments, closure: { status: 'open' }, sale: { status: 'sent' } },
    });
    expect(change?.events.map(({ name }) => name)).toStrictEqual([
      ...['payment.succeeded', 'order.reopened', 'sale.sent'],
    ]);
    expect(change?.events[1]?.data).toStrictEqual({ was: 'closed' });
  });
});

describe('more money for an order that has it', () => {
  it('goes back to a second payer', () => {
    const order = having([funded, pay('p2')], { sale: { status: 'sold' } });
    const second = paidAs(pay('p2'), false, 't2') as Payment;
    const payments = [funded, second];
    const owed = owe({ ...order, payments }, second, 'double-payment', NOW);
    const told = { ...success, paymentNo: 'p2', transactionId: 't2' };
    expect(paymentSucceeded(order, told, { ...INIT, fulfilLate: true })).toStrictEqual({
      set: { payments, ...owed?.set },
      events: [received('p2', false), ...(owed?.events ?? [])],
    });
    expect(owed?.set.refunds).toMatchObject([{ no: 'p2r1', reason: 'double-payment' }]);
  });

  it('goes back on the same number, under a number of its own each time', () => {
    const order = having([funded], { sale: { status: 'sold' } });
    const once = paymentSucceeded(order, { ...success, transactionId: 't2' }, INIT);
    const extra = { ...paidAs(funded, false, 't2'), no: 'p1x1', channelNo: 'p1' };
    expect(once?.set.payments).toStrictEqual([funded, extra]);
    expect(once?.set.refunds).toMatchObject([{ no: 'p1x1r1', paymentNo: 'p1x1', fen: 5000 }]);
    const twice = paymentSucceeded(
      ...([{ ...order, ...once?.set }, { ...success, transactionId: 't3' }, INIT] as const),
    );
    expect(twice?.set.payments?.[2]).toStrictEqual({
      ...{ ...extra, no: 'p1x2', transactionId: 't3' },
    });
  });
});
