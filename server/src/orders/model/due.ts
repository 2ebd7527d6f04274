import type { Dues, Order, Payment, Refund } from './order.ts';
import {
  answerOverdueAt,
  askAgainAt,
  codeOverdueAt,
  sendAgainAt,
  triedAgainAt,
  tryAgainAt,
  type OrderPolicy,
} from './policy.ts';
import { fundingOf, fundingRefundOf, isLive, isToBeAsked, mayCredit } from './state.ts';

/**
 * When each part of an order must be looked at although nothing asks for it: the promise that nothing gets stuck when
 * every job is lost. By the number of a payment or refund, else by the fact's name; `closing` is an order without a code that
 * could be paid. Empty at rest: whatever happens next, a person or a card begins it.
 */
export function duesOf(order: Order, now: Date, policy: OrderPolicy): Dues {
  const dues: Record<string, Date> = {
    ...paymentDues(order, now, policy),
    ...saleDues(order, now, policy),
    ...creditDues(order, now, policy),
  };
  for (const refund of order.refunds.filter((each) => mayBeSent(order, each))) {
    const due = refundDue(refund, now, policy);
    if (due !== undefined) dues[refund.no] = due;
  }
  if (order.write.status === 'written' && order.write.confirmed !== true) {
    dues['confirm'] = askAgainAt(order.write.at ?? now, now, policy);
  }
  return dues;
}

/** When that part of an order is due; null: never by itself. All that move are due with an order that keeps one time for all. */
export function dueOf(order: Pick<Order, 'dues' | 'dueAt'>, part: string): Date | null {
  return order.dues === undefined ? order.dueAt : (order.dues[part] ?? null);
}

/** The order with these times of its parts: one time where there is one part, none at rest. */
export function withDues({ dues: _, ...order }: Order, dues: Dues): Order {
  const times = Object.values(dues).map((time) => time.getTime());
  if (times.length === 0) return { ...order, dueAt: null };
  const dueAt = new Date(Math.min(...times));
  return times.length === 1 ? { ...order, dueAt } : { ...order, dueAt, dues };
}

/** The times after a move: a part that it did not touch keeps its own, so that one that is asked often delays no other. */
export function duesAfter(before: Order, after: Order, now: Date, policy: OrderPolicy): Dues {
  const had = duesOf(before, now, policy);
  const fresh = Object.entries(duesOf(after, now, policy)).map(([part, time]) => {
    const kept = part in had && isUntouched(before, after, part) ? dueOf(before, part) : null;
    return [part, kept ?? time] as const;
  });
  return Object.fromEntries(fresh);
}

/** The times when these parts have been looked at and there was nothing to say yet. */
export function duesPutOff(
  order: Order,
  parts: (part: string) => boolean,
  { now, policy }: { readonly now: Date; readonly policy: OrderPolicy },
): Dues {
  const dues = Object.entries(duesOf(order, now, policy)).map(([part, time]) => [
    part,
    parts(part) ? time : (dueOf(order, part) ?? time),
  ]);
  return Object.fromEntries(dues) as Dues;
}

function isUntouched(before: Order, after: Order, part: string): boolean {
  switch (part) {
    case 'sale':
      return before.sale === after.sale;
    case 'reversal':
      return before.reversal === after.reversal;
    case 'credit':
      return before.credit === after.credit;
    case 'confirm':
      return before.write === after.write;
    case 'closing':
      return false;
    default:
      return isUntouchedNumber(before, after, part);
  }
}

function isUntouchedNumber(before: Order, after: Order, no: string): boolean {
  const refund = after.refunds.find((each) => each.no === no);
  if (refund !== undefined) return before.refunds.includes(refund);
  const payment = after.payments.find((each) => each.no === no);
  return payment !== undefined && before.payments.includes(payment) && isSettled(before) === isSettled(after);
}

/** After these an order shall not be paid for any more. */
const SETTLES: ReadonlySet<string> = new Set(['payment.succeeded', 'order.closing']);

/** What funds an order that a person must decide about stays where it is until they have. */
export function mayBeSent(order: Order, refund: Refund): boolean {
  return order.attention === null || refund !== fundingRefundOf(order);
}

/** It shall not be paid for any more. */
function isSettled(order: Order): boolean {
  return fundingOf(order) !== undefined || order.closure.status === 'asked';
}

/** Since when it shall not be paid for any more: `now` where that is only being written down. */
function settledSince(order: Order, now: Date): Date | undefined {
  if (!isSettled(order)) return undefined;
  return order.events.find(({ name }) => SETTLES.has(name))?.at ?? now;
}

function paymentDues(order: Order, now: Date, policy: OrderPolicy): Dues {
  if (order.attention === 'payment-mismatch') return {};
  return { ...lastLookDues(order, now, policy), ...livePaymentDues(order, now, policy) };
}

/** Those that are closed, and of which the channel is to be asked once more. */
function lastLookDues({ payments }: Order, now: Date, policy: OrderPolicy): Dues {
  const dues = payments
    .filter(isToBeAsked)
    .map(({ no, lookAgainAt: at }) => [no, at > now ? at : askAgainAt(at, now, policy)] as const);
  return Object.fromEntries(dues);
}

function livePaymentDues(order: Order, now: Date, policy: OrderPolicy): Dues {
  const live = order.payments.filter(isLive);
  if (live.length > 0) {
    return Object.fromEntries(
      live.map((payment) => [payment.no, paymentDue(payment, settledSince(order, now), { now, policy })]),
    );
  }
  if (fundingOf(order) !== undefined || order.closure.status === 'closed') return {};
  // Open and without a code that could be paid: it ends by itself.
  return { closing: new Date(order.createdAt.getTime() + policy.paymentTtlMs) };
}

function paymentDue(
  payment: Payment,
  settledAt: Date | undefined,
  { now, policy }: { readonly now: Date; readonly policy: OrderPolicy },
): Date {
  if (settledAt !== undefined) return askAgainAt(settledAt, now, policy);
  if (payment.expiresAt <= now) return askAgainAt(payment.expiresAt, now, policy);
  if (payment.codeUrl !== null || payment.handed === true) return payment.expiresAt;
  if (payment.status === 'created') return codeOverdueAt(payment.createdAt);
  return askAgainAt(payment.createdAt, now, policy);
}

function saleDues(order: Order, now: Date, policy: OrderPolicy): Dues {
  const { sale, reversal } = order;
  if (order.attention !== null && order.attention !== 'late-sale') return {};
  if (reversal.status === 'sent') return { reversal: answerOverdueAt(reversal.sentAt ?? now, policy) };
  if (reversal.status === 'unknown') return { reversal: askAgainAt(reversal.sentAt ?? now, now, policy) };
  if (order.attention !== null) return {};
  if (fundingOf(order) === undefined || fundingRefundOf(order) !== undefined) return {};
  switch (sale.status) {
    case 'none':
      if (sale.noCreditAt !== undefined) {
        return { sale: triedAgainAt({ since: sale.noCreditAt, tries: sale.tries }, now, policy) };
      }
      return { sale: notLeftAgainAt(sale, now, policy) };
    case 'sent':
      return { sale: answerOverdueAt(sale.sentAt ?? now, policy) };
    case 'unknown':
      return { sale: askAgainAt(sale.sentAt ?? now, now, policy) };
    case 'sold':
    case 'rejected':
      return {};
  }
}

function creditDues(order: Order, now: Date, policy: OrderPolicy): Dues {
  if (!mayCredit(order)) return {};
  const { credit } = order;
  switch (credit.status) {
    case 'none':
      return { credit: notLeftAgainAt(credit, now, policy) };
    case 'sent':
      return { credit: answerOverdueAt(credit.sentAt ?? now, policy) };
    case 'unknown':
      return { credit: askAgainAt(credit.sentAt ?? now, now, policy) };
    case 'credited':
    case 'failed':
      return {};
  }
}

/** At once where it was never sent. */
function notLeftAgainAt(
  { firstSentAt, tries }: Pick<Order['sale'], 'firstSentAt' | 'tries'>,
  now: Date,
  policy: OrderPolicy,
): Date {
  return firstSentAt === undefined ? now : tryAgainAt({ since: firstSentAt, tries }, now, policy);
}

function refundDue(refund: Refund, now: Date, policy: OrderPolicy): Date | undefined {
  switch (refund.status) {
    case 'approved':
      return refund.sentAt === undefined ? now : sendAgainAt(refund.at, now, policy);
    case 'sent':
    case 'unknown':
      return askAgainAt(refund.sentAt ?? refund.at, now, policy);
    case 'requested':
    case 'done':
    case 'rejected':
    case 'abnormal':
      return undefined;
  }
}
