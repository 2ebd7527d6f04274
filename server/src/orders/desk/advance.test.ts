import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredNotification } from '../store/notifications.ts';
import { AdvanceRig } from '../../testing/advance-rig.ts';
import { at } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { POLICY } from '../../testing/order-steps.ts';
import { lastLookTaken } from '../model/moves/payment.ts';
import type { Order, Payment, Refund } from '../model/order.ts';
import { answerOverdueAt } from '../model/policy.ts';

const PAST = at(-60_000);
const LATER = at(60_000);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const closed = (no: string): Payment =>
  samplePayment({ no, status: 'closed', codeUrl: null, lookAgainAt: PAST });
const refund = (no: string, over: Partial<Refund> = {}): Refund => ({
  ...{ no, paymentNo: 'p9', fen: 100, status: 'unknown', reason: 'compensation' },
  ...{ at: PAST, sentAt: PAST },
  ...over,
});
const sold = (over: Partial<Order>): Order =>
  sampleOrder({ payments: [funding], sale: { status: 'sold' }, dueAt: PAST, ...over });

let rig: AdvanceRig;
beforeEach(() => {
  rig = new AdvanceRig();
});

describe('an order that is looked at', () => {
  it('is told in the log where there is none with the number of the job', async () => {
    expect(await rig.again('none')).toEqual([]);
    expect(rig.lines).toEqual([
      { level: 'warn', msg: 'a job names an order that does not exist', orderNo: 'none' },
    ]);
  });

  it('is one piece of work in the trace of the visit that made it', async () => {
    const order = sold({ traceId: 'a'.repeat(32), dueAt: null });
    await rig.advance(order);
    expect(rig.spans).toMatchObject([
      {
        ...{ name: 'advance order', traceId: order.traceId, failed: false },
        facts: { 'bianmin.order_no': order._id },
      },
    ]);
  });

  it('hears what was reported of it first, in turn', async () => {
    const order = sold({ dueAt: null });
    const about = { orderNo: order._id, channel: 'wechat', receivedAt: PAST } as const;
    const reports: StoredNotification['content'][] = [
      {
        ...{ kind: 'payment', id: 'n1', paymentNo: 'p2' },
        ...{ transactionId: 't2', amountFen: 5000, paidAt: PAST },
      },
      { kind: 'refund', id: 'n2', refundNo: 'r1', status: 'done' },
    ];
    for (const content of reports) await rig.notifications.insert({ ...about, content }, PAST);
    expect(await rig.advance(order)).toEqual([
      'receiving.received p2 notification',
      `refunds.heard r1 ${PAST.toISOString()}`,
    ]);
  });

  it('costs no question about reports while it has no payment', async () => {
    await rig.advance(sampleOrder({ dueAt: null }));
    expect(rig.heard).toBe(0);
    await rig.advance(sold({ dueAt: null, _id: 'o2', idempotencyKey: 'k2' }));
    expect(rig.heard).toBe(1);
  });
});

describe('a refund', () => {
  it('is sent at once where it is owed and never was', async () => {
    const order = sold({ refunds: [refund('r1', { status: 'approved' })], dueAt: LATER });
    rig.answers['refunds.send'] = (now) => ({ ...now, refunds: [], version: now.version + 1 });
    const { sentAt: _, ...fresh } = refund('r1', { status: 'approved' });
    expect(await rig.advance({ ...order, refunds: [fresh] })).toEqual(['refunds.send r1']);
  });

  it('that did not leave is sent again when it is due, each once in a look', async () => {
    const refunds = ['r1', 'r2', 'r3'].map((no) => refund(no, { status: 'approved' }));
    const order = sold({ refunds, dues: { r1: PAST, r2: PAST, r3: LATER } });
    expect(await rig.advance(order)).toEqual(['refunds.send r1', 'refunds.send r2']);
  });

  it.each(['sent', 'unknown'] as const)('that is %s is asked about when it is due', async (status) => {
    const refunds = [refund('r1', { status }), refund('r2', { status })];
    expect(await rig.advance(sold({ refunds, dues: { r1: LATER, r2: PAST } }))).toEqual([
      'refunds.resolve r2',
    ]);
  });

  it('is asked about once in a look, though closed payments are looked at too', async () => {
    const order = sold({ payments: [funding, closed('p2')], refunds: [refund('r1')] });
    expect(await rig.advance(order)).toEqual(['refunds.resolve r1', 'closing.lookAgain [p2]']);
  });

  it('that another process has put off meanwhile keeps no other waiting', async () => {
    rig.answers['refunds.resolve'] = (now) => ({ ...now, dues: { r1: LATER, r2: LATER } });
    const order = sold({ refunds: [refund('r1'), refund('r2')] });
    expect(await rig.advance(order)).toEqual(['refunds.resolve r1', 'refunds.resolve r2']);
  });

  it.each(['requested', 'done', 'rejected', 'abnormal'] as const)('that is %s is not', async (status) => {
    expect(await rig.advance(sold({ refunds: [refund('r1', { status })] }))).toEqual([]);
  });

  it('by which an order is given up stays where it is while a person must decide', async () => {
    const refunds = [refund('r1', { paymentNo: 'p1', reason: 'not-sold' }), refund('r2')];
    expect(await rig.advance(sold({ refunds, attention: 'late-sale' }))).toEqual(['refunds.resolve r2']);
  });
});

describe('a payment that was closed unseen', () => {
  const payments = [funding, closed('p2'), closed('p3')];

  it('is looked at again by its own time', async () => {
    const order = sold({ payments, dues: { p2: LATER, p3: PAST } });
    expect(await rig.advance(order)).toEqual(['closing.lookAgain [p3]']);
  });

  it('is looked at once in a look, where another is over', async () => {
    rig.answers['closing.lookAgain'] = async (order) =>
      (await rig.mover.move(order, (now) => lastLookTaken(now, 'p2'))).order;
    const order = sold({ payments, refunds: [refund('r1')], dues: { p2: PAST, p3: PAST, r1: LATER } });
    expect(await rig.advance(order)).toEqual(['closing.lookAgain [p2 p3]']);
  });
});

describe('the time of an order', () => {
  const silent = {
    sale: { status: 'sent', firstSentAt: at(-1000), sentAt: at(-1000), tries: 1 },
    refunds: [refund('r1')],
  } as const;

  it('is put off where it has come and nothing could be done, and no other part’s with it', async () => {
    const order = sold({ ...silent, dueAt: at(0), dues: { sale: at(0), r1: LATER } });
    expect(await rig.advance(order)).toEqual([]);
    expect((await rig.now(order)).dues).toEqual({ sale: answerOverdueAt(at(-1000), POLICY), r1: LATER });
  });

  it.each([['later', LATER] as const, ['at rest', null] as const])(
    'is not written down where it is %s',
    async (...[, dueAt]) => {
      await rig.advance(sold({ ...silent, refunds: [], dueAt }));
      expect(rig.postponed).toBe(0);
    },
  );

  it('comes for a part at the moment itself', async () => {
    expect(await rig.advance(sold({ refunds: [refund('r1')], dueAt: at(0) }))).toEqual([
      'refunds.resolve r1',
    ]);
  });

  it('is not written down after a step that left nothing due', async () => {
    rig.answers['refunds.resolve'] = (order) => ({ ...order, refunds: [], dueAt: null, version: 2 });
    expect(await rig.advance(sold({ refunds: [refund('r1')] }))).toEqual(['refunds.resolve r1']);
    expect(rig.postponed).toBe(0);
  });

  it('of a part that was asked about moves, and no other’s of the same step', async () => {
    const live = ['p2', 'p3'].map((no) => samplePayment({ no }));
    const order = sold({ payments: [funding, ...live], dues: { p2: LATER, p3: PAST } });
    expect(await rig.advance(order)).toEqual(['closing.closePayments [p2 p3] undefined']);
    const { dues } = await rig.now(order);
    expect(dues?.['p2']).toEqual(LATER);
    expect(dues?.['p3']?.getTime()).toBeGreaterThan(rig.clock.now());
  });
});
