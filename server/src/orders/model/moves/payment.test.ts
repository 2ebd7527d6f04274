import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order, Payment } from '../order.ts';
import {
  cashAdded,
  closingAsked,
  codeGiven,
  codeReplaced,
  handleGiven,
  lastLookTaken,
  paymentAdded,
  paymentsClosed,
  paymentUnknown,
  refuseUnlessPayable,
} from './payment.ts';

const NOW = at(0);
const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });
const having = (...payments: Payment[]): Order => sampleOrder({ payments });
const OVER = [pay('p1', { status: 'closed' }), pay('p1', { status: 'succeeded' })];
const ID = sampleOrder()._id;

describe('a further payment', () => {
  const first = pay('p1', { status: 'closed' });
  const added: Payment = {
    ...{ no: `${ID}p2`, channel: 'alipay', status: 'created', amountFen: 5000, codeUrl: null },
    ...{ createdAt: NOW, expiresAt: at(1000) },
  };

  it('is stored under its own number before its channel hears of it', () => {
    expect(paymentAdded(having(first), { channel: 'alipay', now: NOW, ttlMs: 1000 })).toStrictEqual({
      set: { payments: [first, added] },
      events: [{ name: 'payment.created', by: 'terminal', data: { no: `${ID}p2`, channel: 'alipay' } }],
    });
  });

  it('knows the phone that asked, and how it pays', () => {
    const phone = { product: 'browser', payer: 'digest' } as const;
    const { set } = paymentAdded(having(first), { channel: 'alipay', now: NOW, ttlMs: 1000, ...phone });
    expect(set).toStrictEqual({ payments: [first, { ...added, ...phone }] });
  });

  it('is in cash, which staff have in their hands', () => {
    expect(cashAdded(having(first), { float: 'f1', now: NOW, ttlMs: 1000 })).toStrictEqual({
      set: {
        payments: [first, { ...added, channel: 'cash', float: 'f1', handed: true, status: 'pending' }],
      },
      events: [{ name: 'payment.created', by: 'staff', data: { no: `${ID}p2`, channel: 'cash' } }],
    });
  });
});

describe('what a channel gives to pay with', () => {
  const created = pay('p1', { status: 'created', codeUrl: null });
  const pending = { name: 'payment.pending', by: 'channel', data: { no: 'p1' } };
  const other = pay('p2');

  it('is a code; one that is there stays', () => {
    const set = { payments: [{ ...created, status: 'pending', codeUrl: 'code' }, other] };
    expect(codeGiven(having(created, other), 'p1', 'code')).toStrictEqual({ set, events: [pending] });
    expect(codeGiven(having(pay('p1')), 'p1', 'code')).toBeUndefined();
  });

  it('is a newer code', () => {
    const set = { payments: [pay('p1', { codeUrl: 'newer' }), other] };
    expect(codeReplaced(having(pay('p1'), other), 'p1', 'newer')).toStrictEqual({ set, events: [pending] });
  });

  it('is what a phone needs, once', () => {
    const handed = { ...created, status: 'pending', handed: true } as const;
    expect(handleGiven(having(created, other), 'p1')).toStrictEqual({
      ...{ set: { payments: [handed, other] }, events: [pending] },
    });
    expect(handleGiven(having(handed), 'p1')).toBeUndefined();
  });

  it('may have reached it or not: that is written down once', () => {
    const unknown = { ...created, status: 'unknown' } as const;
    expect(paymentUnknown(having(created, other), 'p1')).toStrictEqual({
      set: { payments: [unknown, other] },
      events: [{ name: 'payment.unknown', by: 'channel', data: { no: 'p1' } }],
    });
    expect(paymentUnknown(having(unknown), 'p1')).toBeUndefined();
  });

  it('is its own, whatever another payment has', () => {
    const first = pay('p0', { status: 'unknown', handed: true });
    const order = having(first, created);
    expect(handleGiven(order, 'p1')?.set.payments).toMatchObject([first, { handed: true }]);
    expect(paymentUnknown(order, 'p1')?.set.payments).toMatchObject([first, { status: 'unknown' }]);
  });

  it.each(OVER)('is not shown where the payment is over ($status)', (over) => {
    const order = having({ ...over, codeUrl: null });
    expect(codeGiven(order, 'p1', 'code')).toBeUndefined();
    expect(codeReplaced(order, 'p1', 'code')).toBeUndefined();
    expect(handleGiven(order, 'p1')).toBeUndefined();
    expect(paymentUnknown(order, 'p1')).toBeUndefined();
  });

  it('is not another order’s', () => {
    expect(codeGiven(having(created), 'p9', 'code')).toBeUndefined();
    expect(handleGiven(having(created), 'p9')).toBeUndefined();
    expect(paymentUnknown(having(created), 'p9')).toBeUndefined();
  });
});

describe('payments that end', () => {
  const ended = (no: string) => ({ name: 'payment.closed', by: 'channel', data: { no } });
  const over = (payment: Payment) => ({ ...payment, status: 'closed', codeUrl: null });
  const expired = { name: 'order.closed', by: 'system', data: { reason: 'expired' } };

  it('have no code any more, and the order stays open for another', () => {
    expect(paymentsClosed(having(pay('p1'), pay('p2')), ['p2'])).toStrictEqual({
      set: { payments: [pay('p1'), over(pay('p2'))] },
      events: [ended('p2')],
    });
  });

  it('are asked about once more, at the time that is known of each', () => {
    const looks = new Map([['p1', at(9)]]);
    expect(paymentsClosed(having(pay('p1'), pay('p2')), ['p1', 'p2'], undefined, looks)?.set).toStrictEqual({
      payments: [{ ...over(pay('p1')), lookAgainAt: at(9) }, over(pay('p2'))],
    });
  });

  it('end the order with the last of them, given a reason', () => {
    expect(paymentsClosed(having(pay('p1'), pay('p2')), ['p1', 'p2'], 'expired')).toStrictEqual({
      set: {
        payments: [over(pay('p1')), over(pay('p2'))],
        closure: { status: 'closed', reason: 'expired' },
      },
      events: [ended('p1'), ended('p2'), expired],
    });
    expect(paymentsClosed(sampleOrder(), [], 'expired')).toStrictEqual({
      ...{ set: { payments: [], closure: { status: 'closed', reason: 'expired' } }, events: [expired] },
    });
  });

  it.each<[string, Order]>([
    ['another can be paid', having(pay('p1'), pay('p2', { status: 'unknown' }))],
    ['another has paid it', having(pay('p1'), pay('p2', { status: 'succeeded', funds: true }))],
    ['it has ended', sampleOrder({ payments: [pay('p1')], closure: { status: 'closed' } })],
  ])('do not end an order where %s', (_, order) => {
    const change = paymentsClosed(order, ['p1'], 'expired');
    expect(change?.set).not.toHaveProperty('closure');
    expect(change?.events).toStrictEqual([ended('p1')]);
  });

  it('are none where they are over, and the order goes on', () => {
    for (const each of OVER) expect(paymentsClosed(having(each), ['p1'])).toBeUndefined();
    expect(paymentsClosed(having(pay('p1')), ['p2'], 'expired')).toBeUndefined();
  });

  it('are looked at once more, and then no more', () => {
    const closed = pay('p1', { status: 'closed' });
    const other = pay('p2', { lookAgainAt: NOW });
    expect(lastLookTaken(having(other, { ...closed, lookAgainAt: NOW }), 'p1')).toStrictEqual({
      set: { payments: [other, closed] },
      events: [{ name: 'payment.last-asked', by: 'channel', data: { no: 'p1' } }],
    });
    expect(lastLookTaken(having(closed), 'p1')).toBeUndefined();
  });
});

describe('an order that takes no further payment', () => {
  it('is one that is to be closed, once', () => {
    expect(closingAsked(sampleOrder(), 'superseded')).toStrictEqual({
      set: { closure: { status: 'asked', reason: 'superseded' } },
      events: [{ name: 'order.closing', by: 'terminal', data: { reason: 'superseded' } }],
    });
    expect(closingAsked(sampleOrder({ closure: { status: 'asked' } }), 'superseded')).toBeUndefined();
    expect(closingAsked(sampleOrder({ closure: { status: 'closed' } }), 'superseded')).toBeUndefined();
  });

  const refusal = (order: Order, now = order.createdAt): unknown => {
    try {
      refuseUnlessPayable(order, now);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const many = (length: number): Payment[] =>
    Array.from({ length }, (_, n) => pay(`p${n + 1}`, { status: 'closed' }));

  it('is one that was stored so late that its own time is over, unless a payment was begun in it', () => {
    const order = having();
    const end = new Date(order.createdAt.getTime() + 30 * 60_000);
    expect(refusal(order, new Date(end.getTime() - 1))).toBeUndefined();
    expect(refusal(order, end)).toMatchObject({ code: 'order.closed' });
    expect(refusal(having(pay('p1', { status: 'closed' })), end)).toBeUndefined();
  });

  it('is one that is paid: not to be paid again', () => {
    expect(refusal(having(pay('p1'), pay('p2', { status: 'succeeded', funds: true })))).toMatchObject({
      ...{ code: 'order.already-paid', message: 'This order is already paid. Do not pay again.' },
      orderNo: ID,
    });
  });

  it.each<[string, Order]>([
    ['closing', sampleOrder({ closure: { status: 'asked' } })],
    ['closed', sampleOrder({ closure: { status: 'closed' } })],
    ['tried twenty times', having(...many(20))],
  ])('is one that is %s: make a new one', (_, order) => {
    expect(refusal(order)).toMatchObject({
      ...{ code: 'order.closed', message: 'This order can no longer be paid. Make a new one.' },
      orderNo: ID,
    });
  });

  it('is no other', () => {
    expect(refusal(having(...many(19)))).toBeUndefined();
  });
});
