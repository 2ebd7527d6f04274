import { beforeEach, describe, expect, it } from 'vitest';
import { PaymentError } from '../../gateways/payment/error.ts';
import { AdvanceRig } from '../../testing/advance-rig.ts';
import { at } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import type { Order, Payment, Refund } from '../model/order.ts';
import { codeOverdueAt } from '../model/policy.ts';
import { paymentsClosed } from '../model/moves/payment.ts';

const PAST = at(-1);
const LATER = at(60_000);
const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });
const funding = pay('p1', { status: 'succeeded', funds: true, transactionId: 't1', codeUrl: null });
/** Of a sale that is over, so that nothing but payments moves. */
const sold: Partial<Order> = { sale: { status: 'sold' } };
/** Sent before and not known of: it is asked about when it is due. */
const owed: Refund = {
  ...{ no: 'r9', paymentNo: 'p9', fen: 5000, status: 'unknown', reason: 'late-payment' },
  ...{ at: PAST, sentAt: PAST },
};

let rig: AdvanceRig;
beforeEach(() => {
  rig = new AdvanceRig();
});

/** One of its payments turns out to be closed, and nothing is said of the others. */
const closes = (no: string) => async (order: Order) =>
  (await rig.mover.move(order, (now) => paymentsClosed(now, [no]))).order;

describe('an order that has its money', () => {
  const both = { ...sold, payments: [funding, pay('p2'), pay('p3')] };

  it('has the payments that could still be made closed when one is due, without ending for it', async () => {
    const order = sampleOrder({ ...both, dueAt: PAST, dues: { p2: LATER, p3: PAST } });
    expect(await rig.advance(order)).toEqual(['closing.closePayments [p2 p3] undefined']);
  });

  it('does not ask about them before', async () => {
    expect(await rig.advance(sampleOrder({ ...both, dueAt: LATER, dues: { p2: LATER } }))).toEqual([]);
  });
});

describe('an order that is being closed', () => {
  const asked = { closure: { status: 'asked', reason: 'superseded' } } as const;

  it.each([
    ['one of its payments', { p2: LATER, p3: PAST }, [pay('p2'), pay('p3')]],
    ['the order without payments', { closing: PAST }, []],
  ])('is closed for the reason that was given when %s is due', async (...[, dues, payments]) => {
    const order = sampleOrder({ ...asked, payments, dueAt: PAST, dues });
    expect(await rig.advance(order)).toEqual(['closing.closeOrder superseded']);
  });

  it('counts as cancelled where no reason was written down', async () => {
    const order = sampleOrder({ closure: { status: 'asked' }, payments: [pay('p2')], dueAt: PAST });
    expect(await rig.advance(order)).toEqual(['closing.closeOrder cancelled']);
  });

  it('is left alone until then: its channels are not asked either', async () => {
    const order = sampleOrder({ ...asked, payments: [pay('p2')], dueAt: LATER, dues: { closing: LATER } });
    expect(await rig.advance(order)).toEqual([]);
  });

  it('is closed once in a look, whatever else moves', async () => {
    rig.answers['closing.closeOrder'] = closes('p2');
    const order = sampleOrder({ ...asked, payments: [pay('p2'), pay('p3')], dueAt: PAST, refunds: [owed] });
    expect(await rig.advance(order)).toEqual(['closing.closeOrder superseded', 'refunds.resolve r9']);
    const bare = sampleOrder({ ...asked, _id: 'o2', idempotencyKey: 'k2', dueAt: PAST, refunds: [owed] });
    expect(await rig.advance(bare)).toEqual(['closing.closeOrder superseded', 'refunds.resolve r9']);
  });

  it('has only its closed payments looked at once it is closed', async () => {
    const payments = [pay('p1', { status: 'closed', lookAgainAt: PAST })];
    const order = sampleOrder({ closure: { status: 'closed' }, payments, dueAt: PAST });
    expect(await rig.advance(order)).toEqual(['closing.lookAgain [p1]']);
  });
});

describe('a code whose time is over', () => {
  it('is closed as expired at the moment itself, and no other with it', async () => {
    const payments = [pay('p1', { expiresAt: at(0) }), pay('p2', { expiresAt: at(1) })];
    expect(await rig.advance(sampleOrder({ payments, dueAt: LATER }))).toEqual([
      'closing.closePayments [p1] expired',
    ]);
  });

  it('ends its order by itself where no code is out and the order is due', async () => {
    const order = sampleOrder({ dueAt: PAST, dues: { closing: PAST, r9: LATER }, refunds: [owed] });
    expect(await rig.advance(order)).toEqual(['closing.closePayments [] expired']);
  });

  it('leaves an order without a code open until that is due', async () => {
    const order = sampleOrder({ dueAt: PAST, dues: { closing: LATER, r9: PAST }, refunds: [owed] });
    expect(await rig.advance(order)).toEqual(['refunds.resolve r9']);
  });

  it('of which its channel says nothing is asked about later, and that costs one write', async () => {
    rig.answers['closing.closePayments'] = closes('p1');
    const payments = [pay('p1', { expiresAt: PAST }), pay('p2', { expiresAt: PAST })];
    const order = sampleOrder({ payments, dueAt: PAST });
    await rig.advance(order);
    expect((await rig.now(order)).dueAt?.getTime()).toBeGreaterThan(rig.clock.now());
    expect(rig.postponed).toBe(1);
  });

  it('ends its order once in a look, whatever else moves', async () => {
    const order = sampleOrder({ dueAt: PAST, refunds: [owed] });
    expect(await rig.advance(order)).toEqual(['closing.closePayments [] expired', 'refunds.resolve r9']);
  });
});

describe('a code that can be paid', () => {
  const live = (...payments: Payment[]): Order => sampleOrder({ payments, dueAt: LATER });

  it('is asked about, and again later', async () => {
    expect(await rig.advance(live(pay('p1', { status: 'closed' }), pay('p2')))).toEqual([
      ...['query p2', 'payments.pollLater p2'],
    ]);
  });

  it.each([
    ['a phone has what it needs', { handed: true }],
    ['it is for a wallet’s own page', { product: 'in-wallet' }],
  ] as const)('is asked about, and no code asked for, where %s', async (...[, over]) => {
    expect(await rig.advance(live(pay('p1', { codeUrl: null, ...over })))).toEqual([
      ...['query p1', 'payments.pollLater p1'],
    ]);
  });

  it('is received by the answer’s word, and asked no further where it is known', async () => {
    rig.says = () => ({ status: 'succeeded', transactionId: 't1', amountFen: 5000, paidAt: PAST });
    expect(await rig.advance(live(pay('p1'), pay('p2')))).toEqual([
      ...['query p1', 'receiving.received p1 query'],
    ]);
  });

  it('that moves on without an end is left for a later look after twelve steps', async () => {
    rig.says = () => ({ status: 'succeeded', transactionId: 't1', amountFen: 5000, paidAt: PAST });
    rig.answers['receiving.received'] = (order) => ({ ...order });
    expect(await rig.advance(live(pay('p1')))).toHaveLength(24);
  });

  it('of which a channel does not say is told in the log, and the others are asked all the same', async () => {
    rig.says = (no) => {
      if (no === 'p2') return { status: 'pending' };
      throw new PaymentError({ code: 'payment.unknown', message: 'No answer.' });
    };
    const order = live(pay('p1'), pay('p2'));
    expect(await rig.advance(order)).toEqual(['query p1', 'query p2', 'payments.pollLater p2']);
    expect(rig.lines).toMatchObject([
      {
        ...{ level: 'warn', msg: 'a channel was asked and did not say', orderNo: order._id },
        err: { message: 'No answer.' },
      },
    ]);
  });

  it('is not taken for silent where the fault is ours', async () => {
    rig.says = () => {
      throw new TypeError('Ours.');
    };
    await expect(rig.advance(live(pay('p1')))).rejects.toThrow('Ours.');
  });
});

describe('a payment that has no code yet', () => {
  const codeless = (over: Partial<Payment> = {}): Payment =>
    pay('p1', { status: 'created', codeUrl: null, ...over });

  it('is left to its own request while that may be waiting, and the others are asked about', async () => {
    const order = sampleOrder({ payments: [codeless(), pay('p2')], dueAt: LATER });
    rig.clock.jump(codeOverdueAt(at(0)).getTime() - rig.clock.now() - 1);
    expect(await rig.advance(order)).toEqual(['query p2', 'payments.pollLater p2']);
    rig.clock.jump(1);
    expect((await rig.again(order._id)).slice(0, 1)).toEqual(['payments.requestCode p1']);
  });

  it('has one asked for at once where its channel may not have heard', async () => {
    const order = sampleOrder({ payments: [codeless({ status: 'unknown' }), pay('p2')], dueAt: LATER });
    expect(await rig.advance(order)).toEqual([
      ...['payments.requestCode p1', 'query p2', 'payments.pollLater p2'],
    ]);
  });

  it('is asked about with the code that it got', async () => {
    rig.answers['payments.requestCode'] = (order) => ({ ...order, payments: [pay('p1'), pay('p2')] });
    const order = sampleOrder({ payments: [codeless({ status: 'unknown' }), pay('p2')], dueAt: LATER });
    expect(await rig.advance(order)).toEqual([
      'payments.requestCode p1',
      ...['query p1', 'payments.pollLater p1', 'query p2', 'payments.pollLater p2'],
    ]);
  });
});

describe('payments of an order of which one does not fit', () => {
  it('are not asked about before a person has decided, open or closed', async () => {
    const payments = [pay('p1'), pay('p2', { status: 'closed', lookAgainAt: PAST })];
    const order = sampleOrder({ payments, attention: 'payment-mismatch', dueAt: PAST });
    expect(await rig.advance(order)).toEqual([]);
    expect(await rig.now(order)).toMatchObject({ dueAt: null });
  });
});
