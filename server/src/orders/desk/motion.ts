import { mayBeSent } from '../model/due.ts';
import type { Order, Payment, Refund } from '../model/order.ts';
import type { OrderEventName } from '../model/order-events.ts';
import type { OrderPolicy } from '../model/policy.ts';
import { fundingOf, fundingRefundOf, isLive, isReversing, isToBeAsked, mayCredit } from '../model/state.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What of an order moves by itself. */
type MovingFact = 'payment' | 'sale' | 'reversal' | 'credit' | 'refund' | 'confirm';

/** A fact in motion, since when, and how long that may take before a person is told. */
export interface Motion {
  readonly fact: MovingFact;
  /** Which one, where there can be several: a payment's or refund's number. */
  readonly no?: string;
  readonly since: Date;
  readonly horizonMs: number;
}

/**
 * Everything of an order that no person has to begin: each is asked about again and again (`dueAt`), and must end
 * within its horizon or be told to a person. Pure.
 */
export function motionsOf(order: Order, policy: OrderPolicy): Motion[] {
  return [
    ...paymentMotions(order, policy),
    ...saleMotions(order, policy),
    ...order.refunds.filter((each) => mayBeSent(order, each)).flatMap(refundMotion),
    ...(order.write.status === 'written' && order.write.confirmed !== true
      ? [{ fact: 'confirm' as const, since: order.write.at ?? order.updatedAt, horizonMs: 24 * HOUR }]
      : []),
  ];
}

/** Those that have taken longer than they may. */
export function overdueOf(order: Order, now: Date, policy: OrderPolicy): Motion[] {
  return motionsOf(order, policy).filter(
    ({ since, horizonMs }) => now.getTime() - since.getTime() > horizonMs,
  );
}

function paymentMotions(order: Order, policy: OrderPolicy): Motion[] {
  if (order.attention === 'payment-mismatch') return [];
  const motion = ({ no, expiresAt: since }: Payment): Motion => ({
    fact: 'payment',
    no,
    since,
    horizonMs: HOUR,
  });
  const looks = order.payments.filter(isToBeAsked).map(motion);
  const live = order.payments.filter(isLive).map(motion);
  const waits = live.length === 0 && fundingOf(order) === undefined && order.closure.status !== 'closed';
  if (!waits) return [...looks, ...live];
  const since = new Date(order.createdAt.getTime() + policy.paymentTtlMs);
  return [...looks, { fact: 'payment', since, horizonMs: HOUR }];
}

function saleMotions(order: Order, policy: OrderPolicy): Motion[] {
  const { sale, attention } = order;
  if (attention !== null && attention !== 'late-sale') return [];
  if (isReversing(order)) {
    return [{ fact: 'reversal', since: firstOf(order, 'reversal.sent'), horizonMs: HOUR }];
  }
  const funding = fundingOf(order);
  if (attention !== null || funding === undefined || fundingRefundOf(order) !== undefined) return [];
  if (sale.status === 'sold') {
    const moving = mayCredit(order) && order.credit.status !== 'credited' && order.credit.status !== 'failed';
    const since = order.credit.firstSentAt ?? firstOf(order, 'sale.sold');
    return moving ? [{ fact: 'credit', since, horizonMs: 24 * HOUR }] : [];
  }
  if (sale.status === 'rejected') return [];
  if (sale.noCreditAt !== undefined) {
    return [{ fact: 'sale', since: sale.noCreditAt, horizonMs: policy.creditPatienceMs + HOUR }];
  }
  const since = sale.firstSentAt ?? firstOf(order, 'payment.succeeded');
  return [{ fact: 'sale', since, horizonMs: policy.salePatienceMs + HOUR }];
}

/** A bank may take days over what a channel has accepted. */
function refundMotion(refund: Refund): Motion[] {
  switch (refund.status) {
    case 'approved':
    case 'unknown':
      return [{ fact: 'refund', no: refund.no, since: refund.at, horizonMs: HOUR }];
    case 'sent':
      return [{ fact: 'refund', no: refund.no, since: refund.at, horizonMs: 72 * HOUR }];
    case 'requested':
    case 'done':
    case 'rejected':
    case 'abnormal':
      return [];
  }
}

function firstOf(order: Order, name: OrderEventName): Date {
  return order.events.find((event) => event.name === name)?.at ?? order.updatedAt;
}
