import type { OrderState } from '@bianmin/purchase/api/order';
import type { Order, Payment, Refund } from './order.ts';

/** The separate facts that an order's state follows from. */
export type StateFacts = Pick<
  Order,
  | 'kind'
  | 'payments'
  | 'sale'
  | 'reversal'
  | 'write'
  | 'credit'
  | 'fallback'
  | 'refunds'
  | 'closure'
  | 'attention'
>;

/** The payment that funds the order, if one does. */
export function fundingOf(order: Pick<Order, 'payments'>): Payment | undefined {
  return order.payments.find((payment) => payment.funds === true);
}

/**
 * The refund by which the order is given up. One that was rejected gave nothing back, and a compensation is for a
 * purchase that stands.
 */
export function fundingRefundOf(order: Pick<Order, 'payments' | 'refunds'>): Refund | undefined {
  const funding = fundingOf(order);
  if (funding === undefined) return undefined;
  return order.refunds.find(
    ({ paymentNo, status, reason }) =>
      paymentNo === funding.no && status !== 'rejected' && reason !== 'compensation',
  );
}

/** What can still be given back of a payment, in fen: every refund that was not rejected has its sum reserved. */
export function refundableFen(order: Pick<Order, 'refunds'>, payment: Payment): number {
  if (payment.status !== 'succeeded') return 0;
  const reserved = order.refunds.filter(
    (refund) => refund.paymentNo === payment.no && refund.status !== 'rejected',
  );
  return payment.amountFen - reserved.reduce((sum, { fen }) => sum + fen, 0);
}

/** Given up, or all of its money given back: nothing is to be written for it any more. */
export function isGivenBack(order: Pick<Order, 'payments' | 'refunds'>): boolean {
  const funding = fundingOf(order);
  return (
    fundingRefundOf(order) !== undefined || (funding !== undefined && refundableFen(order, funding) === 0)
  );
}

/** A payment that a payer may still make, or may have made without our knowing. */
export function isLive(payment: Payment): boolean {
  return payment.status === 'created' || payment.status === 'pending' || payment.status === 'unknown';
}

/** A payment that was closed unseen, of which its channel is to be asked once more. */
export function isToBeAsked(payment: Payment): payment is Payment & { readonly lookAgainAt: Date } {
  return payment.status === 'closed' && payment.lookAgainAt !== undefined;
}

/** One word for all facts, for screens and queries. Pure: the same facts always give the same state. */
export function deriveState(facts: StateFacts): OrderState {
  if (facts.attention !== null) return 'attention';
  // A card that is written, or a meter that is credited, stays so, whatever becomes of a second payment.
  if (facts.write.status === 'written' || facts.credit.status === 'credited') return 'done';
  const owed = fundingRefundOf(facts);
  if (owed !== undefined) return refundState([owed]);
  if (fundingOf(facts) !== undefined) return fundedState(facts);
  // Money that came after closing: the order never lived, but its payer is owed.
  if (facts.refunds.length > 0) return refundState(facts.refunds);
  if (facts.closure.status === 'closed') return 'closed';
  return facts.payments.some(isLive) ? 'paying' : 'created';
}

function refundState(refunds: readonly Refund[]): OrderState {
  if (refunds.some((refund) => refund.status === 'abnormal')) return 'attention';
  return refunds.every((refund) => refund.status === 'done' || refund.status === 'rejected')
    ? 'refunded'
    : 'refunding';
}

function fundedState(facts: StateFacts): OrderState {
  if (facts.write.status === 'failed') return 'write-failed';
  if (facts.write.status === 'released') return 'writing';
  switch (facts.sale.status) {
    case 'sold':
      // An account has it with the sale, unless its number is being buried.
      if (facts.kind === 'account') return 'crediting';
      return facts.kind === 'remote' ? remoteState(facts) : 'sold';
    case 'unknown':
      return 'grid-silent';
    case 'rejected':
      // Its refund is owed in the same move; one that a person rejected is theirs to decide.
      return 'attention';
    case 'none':
      return (facts.sale.tries ?? 0) > 0 ? 'grid-silent' : 'paid';
    case 'sent':
      return (facts.sale.tries ?? 0) > 1 ? 'grid-silent' : 'paid';
  }
}

/** Sold and not on a card: on its way to the meter, or back. */
function remoteState(facts: StateFacts): OrderState {
  if (facts.credit.status !== 'failed') return 'crediting';
  if (facts.fallback === undefined) return 'credit-failed';
  return facts.fallback === 'card' ? 'sold' : 'refunding';
}

/** Whether a plan may be released for this order: never while its credit is, or may be, on its way to the meter. */
export function isForCard(order: Pick<Order, 'kind' | 'credit' | 'fallback'>): boolean {
  return order.kind === 'card' || (order.credit.status === 'failed' && order.fallback === 'card');
}

/** Whether it wants its meter's next count: an account has none, and takes any number of orders at a time. */
export function goesByCount({ kind }: Pick<Order, 'kind'>): boolean {
  return kind !== 'account';
}

/** Whether the grid was asked to undo the sale and has not answered: until then nothing may be written. */
export function isReversing(order: Pick<Order, 'reversal'>): boolean {
  return order.reversal.status === 'sent' || order.reversal.status === 'unknown';
}

/** States in which money may still move or a card still waits: a meter has at most one order in them. */
export const UNSETTLED_STATES: readonly OrderState[] = [
  'created',
  'paying',
  'paid',
  'grid-silent',
  'sold',
  'writing',
  'write-failed',
  'crediting',
  'credit-failed',
];

/** States of orders that the grid may be asked to sell and has not sold. */
export const SELLABLE_STATES: readonly OrderState[] = ['created', 'paying', 'paid', 'grid-silent'];

/** Orders that no money came for, or that gave up waiting for it. */
export const NEVER_PAID_STATES: readonly OrderState[] = ['created', 'paying', 'closed'];

/** Not paid yet. */
export function isUnpaid(state: OrderState): boolean {
  return state === 'created' || state === 'paying';
}

/** The grid has been asked to undo the sale, and has not refused. */
export function isUndoing(order: Order): boolean {
  return order.reversal.status !== 'none' && order.reversal.status !== 'refused';
}

/** Whether the credit is this order's next step, and nothing else is under way that could take its count. */
export function mayCredit(order: Order): boolean {
  return (
    order.kind === 'remote' &&
    order.attention === null &&
    fundingOf(order) !== undefined &&
    order.sale.status === 'sold' &&
    !isUndoing(order) &&
    order.write.status === 'none' &&
    order.fallback === undefined &&
    fundingRefundOf(order) === undefined
  );
}
