import { beforeEach, describe, expect, it } from 'vitest';
import { KeptTrigger } from '../../testing/kept-trigger.ts';
import { at, MoverRig } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { codeGiven, paymentAdded, paymentsClosed, paymentSucceeded } from '../model/moves/payment.ts';
import type { Order, Payment } from '../model/order.ts';
import { PaymentClosing } from './payment-closing.ts';
import type { PaymentSettling } from './payment-settling.ts';

type Settled = Awaited<ReturnType<PaymentSettling['settle']>>;

const ID = sampleOrder()._id;
const succeeded = { status: 'succeeded', transactionId: 't1', amountFen: 5000, paidAt: at(-1) } as const;
const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });

let rig: MoverRig;
let trigger: KeptTrigger;
/** Numbers that channels were asked about, and what is heard of each. */
let asked: string[];
let says: Record<string, Settled>;
/** What else happens to the order while a channel is asked. */
let meanwhile: (no: string) => Promise<unknown>;
let received: unknown[];
let closing: PaymentClosing;
beforeEach(() => {
  rig = new MoverRig();
  trigger = new KeptTrigger();
  [asked, received, says] = [[], [], {}];
  meanwhile = async () => undefined;
  const ask = async ({ no }: Payment): Promise<Settled> => {
    asked.push(no);
    await meanwhile(no);
    return says[no] ?? { status: 'closed' };
  };
  closing = new PaymentClosing({
    ...{ mover: rig.mover, trigger },
    settling: { settle: ask, lookAgain: ask } as never,
    receiving: { received: receive } as never,
  });
});

async function receive(order: Order, success: Parameters<typeof paymentSucceeded>[1], by: string) {
  received.push([success, by]);
  const init = { now: at(0), by, slotTaken: false };
  return (await rig.mover.move(order, (now) => paymentSucceeded(now, success, init))).order;
}

const having = (...payments: Payment[]): Promise<Order> => rig.holds(sampleOrder({ payments }));
const change = (decide: Parameters<MoverRig['mover']['move']>[1]) => async () =>
  rig.mover.move(await rig.now(sampleOrder()), decide);

describe('payments that must end', () => {
  it('end the order with the last of them, and each is looked at again when that is said', async () => {
    says = { p2: { status: 'closed', lookAgainAt: at(9) } };
    const order = await having(pay('p1'), pay('p2'));
    const now = await closing.closePayments(order, order.payments, 'expired');
    expect(now).toMatchObject({ closure: { status: 'closed', reason: 'expired' } });
    expect(now.payments).toEqual([
      pay('p1', { status: 'closed', codeUrl: null }),
      pay('p2', { status: 'closed', codeUrl: null, lookAgainAt: at(9) }),
    ]);
  });

  it('end alone where no reason is given', async () => {
    const order = await having(pay('p1'));
    expect(await closing.closePayments(order, order.payments, undefined)).toMatchObject({
      ...{ closure: { status: 'open' }, payments: [{ status: 'closed' }] },
    });
  });

  it('are received where they are paid: the order goes on, and takes no second', async () => {
    says = { p1: succeeded, p2: { status: 'unknown' } };
    const order = await having(pay('p1'), pay('p2'), pay('p3'));
    const now = await closing.closePayments(order, order.payments, 'cancelled');
    expect(received).toEqual([
      [{ paymentNo: 'p1', transactionId: 't1', amountFen: 5000, paidAt: at(-1) }, 'query'],
    ]);
    expect(now).toMatchObject({
      closure: { status: 'open' },
      payments: [{ status: 'succeeded' }, { status: 'pending' }, { status: 'closed' }],
    });
  });

  it('end unseen where no code of them was given out', async () => {
    says = { p1: { status: 'unseen' } };
    const order = await having(pay('p1', { codeUrl: null }));
    expect(await closing.closePayments(order, order.payments, 'expired')).toMatchObject({
      ...{ closure: { status: 'closed' }, payments: [{ status: 'closed' }] },
    });
  });

  it.each([null, 'code'])(
    'keep the order from further ones where a channel cannot say (%s)',
    async (codeUrl) => {
      says = { p1: { status: 'unknown' } };
      const order = await having(pay('p1', { codeUrl }), pay('p2'));
      expect(await closing.closePayments(order, order.payments, 'expired')).toMatchObject({
        closure: { status: 'asked', reason: 'expired' },
        payments: [{ status: 'pending' }, { status: 'closed' }],
      });
    },
  );

  it('leave an order open where a channel cannot say and no reason is given', async () => {
    says = { p1: { status: 'unknown' } };
    const order = await having(pay('p1'));
    expect(await closing.closePayments(order, order.payments, undefined)).toBe(order);
  });

  it('are not over unseen where a code came meanwhile: the order waits for it', async () => {
    says = { p1: { status: 'unseen' } };
    meanwhile = change((now) => codeGiven(now, 'p1', 'code'));
    const order = await having(pay('p1', { codeUrl: null }), pay('p2', { status: 'closed' }));
    expect(await closing.closePayments(order, [order.payments[0] ?? pay('')], 'cancelled')).toMatchObject({
      closure: { status: 'asked', reason: 'cancelled' },
      payments: [{ status: 'pending', codeUrl: 'code' }, { status: 'closed' }],
    });
  });

  it('do not end an order by the word of a channel that cannot say', async () => {
    says = { p1: { status: 'unknown' } };
    meanwhile = change((now) => paymentsClosed(now, ['p1']));
    const order = await having(pay('p1'), pay('p2'));
    expect(await closing.closePayments(order, order.payments, 'expired')).toMatchObject({
      closure: { status: 'asked' },
      payments: [{ status: 'closed' }, { status: 'closed' }],
    });
  });
});

describe('an order that is to be closed', () => {
  it('is closed with its payments that live, and no other is asked about', async () => {
    const order = await having(pay('p1', { status: 'closed' }), pay('p2'));
    expect(await closing.closeOrder(order, 'cancelled')).toMatchObject({ state: 'closed' });
    expect(asked).toEqual(['p2']);
    expect(trigger.requests).toEqual([]);
  });

  it('is looked at again in two seconds where a channel cannot say', async () => {
    says = { p1: { status: 'unknown' } };
    const now = await closing.closeOrder(await having(pay('p1')), 'cancelled');
    expect(now).toMatchObject({ closure: { status: 'asked' } });
    expect(asked).toEqual(['p1']);
    expect(trigger.requests).toEqual([[ID, `close-${now.version}`, 2_000]]);
  });

  it.each<[string, Partial<Order>]>([
    ['it is paid', { payments: [pay('p1', { status: 'succeeded', funds: true }), pay('p2')] }],
    ['it is closed', { closure: { status: 'closed' }, payments: [pay('p2')] }],
  ])('is left as it is where %s', async (_, over) => {
    const order = await rig.holds(sampleOrder(over));
    expect(await closing.closeOrder(order, 'cancelled')).toBe(order);
    expect(asked).toEqual([]);
  });

  /** As often as a channel is asked, a payment is added. */
  const added = change((now) => paymentAdded(now, { channel: 'wechat', now: at(0), ttlMs: 1000 }));

  it('is closed with a payment that was added meanwhile', async () => {
    meanwhile = async (no) => (no === 'p1' ? added() : undefined);
    expect(await closing.closeOrder(await having(pay('p1')), 'cancelled')).toMatchObject({ state: 'closed' });
    expect(asked).toEqual(['p1', `${ID}p2`]);
    expect(trigger.requests).toEqual([]);
  });

  it('is given up after five rounds where payments are added all the time', async () => {
    meanwhile = added;
    expect(await closing.closeOrder(await having(pay('p1')), 'cancelled')).toMatchObject({ state: 'paying' });
    expect(asked).toHaveLength(5);
    expect(trigger.requests).toEqual([]);
  });
});

describe('payments that were closed unseen', () => {
  it('are received where they were paid, looked at no more where that is sure, else again', async () => {
    const closed = (no: string) => pay(no, { status: 'closed', codeUrl: null, lookAgainAt: at(0) });
    says = { p1: succeeded, p3: { status: 'unknown' } };
    const order = await rig.holds(
      sampleOrder({ payments: ['p1', 'p2', 'p3'].map(closed), closure: { status: 'closed' } }),
    );
    const now = await closing.lookAgain(order, order.payments);
    expect(received).toMatchObject([[{ paymentNo: 'p1' }, 'query']]);
    const { lookAgainAt: _, ...over } = closed('p2');
    expect(now.payments.slice(1)).toEqual([over, closed('p3')]);
    expect(now.payments[0]).toMatchObject({ status: 'succeeded' });
  });
});
