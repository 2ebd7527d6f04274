import type { Channel } from '@bianmin/purchase/api/channels';
import { LONGEST_PAYMENT_TTL_MS } from '../../../kernel/limits.ts';
import { ProblemError } from '../../../kernel/problem.ts';
import type { PaymentProduct } from '../../../gateways/payment/contract.ts';
import type { Change } from '../change.ts';
import type { Closure, Order, Payment } from '../order.ts';
import type { OrderEventName } from '../order-events.ts';
import { extraPaymentNo, paymentNo } from '../order-no.ts';
import { fundingOf, isLive } from '../state.ts';
import { owe } from './refund.ts';
import { saleRejected, startSale } from './sale.ts';

/** What a channel says of one payment that was made. */
export interface PaymentSuccess {
  readonly paymentNo: string;
  readonly transactionId: string;
  readonly amountFen: number;
  readonly paidAt: Date;
}

/** Whether a success can be this order's at all; `no-such-payment` and `amount` are refused and alarmed. */
export function checkSuccess(
  order: Order,
  success: PaymentSuccess,
): 'new' | 'known' | 'no-such-payment' | 'amount' {
  const payment = order.payments.find((each) => each.no === success.paymentNo);
  if (payment === undefined) return 'no-such-payment';
  if (payment.amountFen !== success.amountFen) return 'amount';
  return order.payments.some((each) => isAbout(each, success)) ? 'known' : 'new';
}

function isAbout(payment: Payment, success: PaymentSuccess): boolean {
  const no = payment.channelNo ?? payment.no;
  return no === success.paymentNo && payment.transactionId === success.transactionId;
}

/** A further attempt, stored before its channel hears of it. */
export function paymentAdded(
  order: Order,
  init: {
    channel: Channel;
    now: Date;
    ttlMs: number;
    product?: PaymentProduct;
    payer?: string | undefined;
  },
): Change {
  const payment: Payment = {
    no: paymentNo(order._id, order.payments.length + 1),
    channel: init.channel,
    ...(init.product === undefined ? {} : { product: init.product }),
    ...(init.payer === undefined ? {} : { payer: init.payer }),
    status: 'created',
    amountFen: order.paidFen,
    codeUrl: null,
    createdAt: init.now,
    expiresAt: new Date(init.now.getTime() + init.ttlMs),
  };
  return {
    set: { payments: [...order.payments, payment] },
    events: [{ name: 'payment.created', by: 'terminal', data: { no: payment.no, channel: payment.channel } }],
  };
}

/** Cash that staff have in their hands, stored before the float is debited. No code is scanned for it. */
export function cashAdded(order: Order, init: { float: string; now: Date; ttlMs: number }): Change {
  const payment: Payment = {
    no: paymentNo(order._id, order.payments.length + 1),
    ...{ channel: 'cash', float: init.float, handed: true, status: 'pending' },
    ...{ amountFen: order.paidFen, codeUrl: null },
    createdAt: init.now,
    expiresAt: new Date(init.now.getTime() + init.ttlMs),
  };
  return {
    set: { payments: [...order.payments, payment] },
    events: [{ name: 'payment.created', by: 'staff', data: { no: payment.no, channel: 'cash' } }],
  };
}

/**
 * The channel gave a code. Nothing once the payment is over: then it must not be shown. A code that is there stays.
 */
export function codeGiven(order: Order, no: string, codeUrl: string): Change | undefined {
  if (order.payments.some((each) => each.no === no && each.codeUrl !== null)) return undefined;
  return codeReplaced(order, no, codeUrl);
}

/** A code that is newer than any other that was given. */
export function codeReplaced(order: Order, no: string, codeUrl: string): Change | undefined {
  return patchLive(order, no, { status: 'pending', codeUrl }, 'payment.pending');
}

/** A phone has what it needs to pay; again where it comes back for it. */
export function handleGiven(order: Order, no: string): Change | undefined {
  if (order.payments.find((each) => each.no === no)?.handed === true) return undefined;
  return patchLive(order, no, { status: 'pending', handed: true }, 'payment.pending');
}

/** The channel may or may not have heard of it. */
export function paymentUnknown(order: Order, no: string): Change | undefined {
  if (order.payments.find((each) => each.no === no)?.status === 'unknown') return undefined;
  return patchLive(order, no, { status: 'unknown' }, 'payment.unknown');
}

function patchLive(
  order: Order,
  no: string,
  patch: Partial<Payment>,
  name: OrderEventName,
): Change | undefined {
  const old = order.payments.find((each) => each.no === no);
  if (old === undefined || !isLive(old)) return undefined;
  return {
    set: { payments: order.payments.map((each) => (each === old ? { ...each, ...patch } : each)) },
    events: [{ name, by: 'channel', data: { no } }],
  };
}

/** What is known of payments that end: by number, when the channel is to be asked once more. */
export type Looks = ReadonlyMap<string, Date>;

/** By the channel's evidence these cannot be paid; with a reason, the order ends with the last of them. */
export function paymentsClosed(
  order: Order,
  nos: readonly string[],
  reason?: Closure['reason'],
  looks: Looks = new Map(),
): Change | undefined {
  const closing = order.payments.filter((each) => nos.includes(each.no) && isLive(each));
  const payments = order.payments.map((each) =>
    closing.includes(each) ? closed(each, looks.get(each.no)) : each,
  );
  const ends =
    reason !== undefined &&
    order.closure.status !== 'closed' &&
    !payments.some((each) => isLive(each) || each.funds === true);
  if (closing.length === 0 && !ends) return undefined;
  return {
    set: { payments, ...(ends ? { closure: { status: 'closed', reason } } : {}) },
    events: [
      ...closing.map(({ no }) => ({ name: 'payment.closed' as const, by: 'channel', data: { no } })),
      ...(ends ? [{ name: 'order.closed' as const, by: 'system', data: { reason } }] : []),
    ],
  };
}

function closed(payment: Payment, lookAgainAt: Date | undefined): Payment {
  const over: Payment = { ...payment, status: 'closed', codeUrl: null };
  return lookAgainAt === undefined ? over : { ...over, lookAgainAt };
}

/** The channel was asked once more, and now it is sure that this was not paid. */
export function lastLookTaken(order: Order, no: string): Change | undefined {
  const looked = order.payments.find((each) => each.no === no && each.lookAgainAt !== undefined);
  if (looked === undefined) return undefined;
  return {
    set: { payments: order.payments.map((each) => (each === looked ? withoutLook(each) : each)) },
    events: [{ name: 'payment.last-asked', by: 'channel', data: { no } }],
  };
}

function withoutLook({ lookAgainAt: _, ...payment }: Payment): Payment {
  return payment;
}

/** Somebody wants it closed and a channel could not say yet: no further payment from now on. */
export function closingAsked(order: Order, reason: NonNullable<Closure['reason']>): Change | undefined {
  if (order.closure.status !== 'open') return undefined;
  return {
    set: { closure: { status: 'asked', reason } },
    events: [{ name: 'order.closing', by: 'terminal', data: { reason } }],
  };
}

/**
 * Money came. The first success funds the order and sends its sale in the same move; any other, and one that
 * came after closing, is owed back. `slotTaken`: another order of this meter is being sold under this count.
 * `fulfilLate`: what came after closing buys after all.
 */
export function paymentSucceeded(
  order: Order,
  success: PaymentSuccess,
  init: { now: Date; by: string; slotTaken: boolean; fulfilLate?: boolean },
): Change | undefined {
  const named = order.payments.find((each) => each.no === success.paymentNo);
  if (named === undefined || checkSuccess(order, success) !== 'new') return undefined;
  const funded = order.payments.some((each) => each.funds === true);
  const funds = !funded && (order.closure.status !== 'closed' || init.fulfilLate === true);
  const paid: Payment = {
    ...withoutLook(named.status === 'succeeded' ? again(order, named) : named),
    status: 'succeeded',
    codeUrl: null,
    transactionId: success.transactionId,
    paidAt: success.paidAt,
    funds,
  };
  const payments =
    named.status === 'succeeded'
      ? [...order.payments, paid]
      : order.payments.map((each) => (each === named ? paid : each));
  const received: Change = {
    set: { payments },
    events: [{ name: 'payment.succeeded', by: init.by, data: { no: paid.no, fen: paid.amountFen, funds } }],
  };
  const reached = { ...order, ...received.set };
  if (!funds) {
    return joined(received, owe(reached, paid, funded ? 'double-payment' : 'late-payment', init.now));
  }
  return joined(
    joined(received, reopened(order)),
    init.slotTaken ? saleRejected(reached, 'slot-taken', init.now) : startSale(reached, init.now),
  );
}

/** Paid while it was being closed, or late and fulfilled: it goes on. */
function reopened({ closure }: Order): Change | undefined {
  if (closure.status === 'open') return undefined;
  return {
    set: { closure: { status: 'open' } },
    events: [{ name: 'order.reopened', by: 'system', data: { was: closure.status } }],
  };
}

/** The channel took money once more on a number that was paid already. */
function again(order: Order, named: Payment): Payment {
  const before = order.payments.filter((each) => each.channelNo === named.no).length;
  return { ...named, no: extraPaymentNo(named.no, before + 1), channelNo: named.no };
}

/** Attempts to be paid that one order may have. */
const MAX_PAYMENTS = 20;

/**
 * Before a payment is begun, at `now` by the clock, which was read after the order. Throws `order.already-paid`, and `order.closed` also
 * where none was begun within the longest time that an order has: what was stored so late has nothing held for its discount any more.
 */
export function refuseUnlessPayable(order: Order, now: Date): void {
  if (fundingOf(order) !== undefined) {
    throw new ProblemError({
      code: 'order.already-paid',
      message: 'This order is already paid. Do not pay again.',
      orderNo: order._id,
    });
  }
  const isLate =
    order.payments.length === 0 && order.createdAt.getTime() + LONGEST_PAYMENT_TTL_MS <= now.getTime();
  if (isLate || order.closure.status !== 'open' || order.payments.length >= MAX_PAYMENTS) {
    throw new ProblemError({
      code: 'order.closed',
      message: 'This order can no longer be paid. Make a new one.',
      orderNo: order._id,
    });
  }
}

/** Two moves as one. */
function joined(first: Change, second: Change | undefined): Change {
  if (second === undefined) return first;
  return { set: { ...first.set, ...second.set }, events: [...first.events, ...second.events] };
}
