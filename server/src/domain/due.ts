import type { Order, Refund } from './order.ts';
import { mayCredit } from './moves/credit.ts';
import { answerOverdueAt, askAgainAt, codeOverdueAt, type OrderPolicy } from './policy.ts';
import { fundingOf, fundingRefundOf, isLive } from './state.ts';

/**
 * When somebody must look at an order again although nothing tells them to: the promise that nothing gets
 * stuck when every job is lost. Null at rest: whatever happens next, a person or a card begins it.
 */
export function nextDue(order: Order, now: Date, policy: OrderPolicy): Date | null {
  const times = [
    ...paymentTimes(order, now, policy),
    ...saleTimes(order, now, policy),
    ...creditTimes(order, now, policy),
  ];
  for (const refund of order.refunds.filter((each) => mayBeSent(order, each))) {
    times.push(...refundTimes(refund, now, policy));
  }
  if (order.write.status === 'written' && order.write.confirmed !== true) {
    times.push(askAgainAt(order.write.at ?? now, now, policy));
  }
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}

/** What funds an order that a person must decide about stays where it is until they have. */
export function mayBeSent(order: Order, refund: Refund): boolean {
  return order.attention === null || refund !== fundingRefundOf(order);
}

function paymentTimes(order: Order, now: Date, policy: OrderPolicy): Date[] {
  const settled = fundingOf(order) !== undefined || order.closure.status === 'asked';
  const times: Date[] = [];
  if (order.attention === 'payment-mismatch') return times;
  for (const payment of order.payments.filter(isLive)) {
    if (settled || payment.expiresAt <= now) times.push(askAgainAt(payment.expiresAt, now, policy));
    else if (payment.codeUrl !== null || payment.handed === true) times.push(payment.expiresAt);
    else if (payment.status === 'created') times.push(codeOverdueAt(payment.createdAt));
    else times.push(askAgainAt(payment.createdAt, now, policy));
  }
  if (times.length > 0 || fundingOf(order) !== undefined || order.closure.status === 'closed') return times;
  // Open and without a code that could be paid: it ends by itself.
  return [new Date(order.createdAt.getTime() + policy.paymentTtlMs)];
}

function saleTimes(order: Order, now: Date, policy: OrderPolicy): Date[] {
  const { sale, reversal } = order;
  if (order.attention !== null && order.attention !== 'late-sale') return [];
  if (reversal.status === 'sent') return [answerOverdueAt(reversal.sentAt ?? now, policy)];
  if (reversal.status === 'unknown') return [askAgainAt(reversal.sentAt ?? now, now, policy)];
  if (order.attention !== null) return [];
  if (fundingOf(order) === undefined || fundingRefundOf(order) !== undefined) return [];
  switch (sale.status) {
    case 'none':
      return [sale.firstSentAt === undefined ? now : askAgainAt(sale.firstSentAt, now, policy)];
    case 'sent':
      return [answerOverdueAt(sale.sentAt ?? now, policy)];
    case 'unknown':
      return [askAgainAt(sale.sentAt ?? now, now, policy)];
    case 'sold':
    case 'rejected':
      return [];
  }
}

function creditTimes(order: Order, now: Date, policy: OrderPolicy): Date[] {
  if (!mayCredit(order)) return [];
  const { credit } = order;
  switch (credit.status) {
    case 'none':
      return [credit.firstSentAt === undefined ? now : askAgainAt(credit.firstSentAt, now, policy)];
    case 'sent':
      return [answerOverdueAt(credit.sentAt ?? now, policy)];
    case 'unknown':
      return [askAgainAt(credit.sentAt ?? now, now, policy)];
    case 'credited':
    case 'failed':
      return [];
  }
}

function refundTimes(refund: Refund, now: Date, policy: OrderPolicy): Date[] {
  switch (refund.status) {
    case 'approved':
      return [refund.sentAt === undefined ? now : askAgainAt(refund.at, now, policy)];
    case 'sent':
    case 'unknown':
      return [askAgainAt(refund.sentAt ?? refund.at, now, policy)];
    case 'requested':
    case 'done':
    case 'rejected':
    case 'abnormal':
      return [];
  }
}
