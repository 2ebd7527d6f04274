import type { Decision, OrderAction, OrderActions } from '@bianmin/purchase/api/order-decisions';
import type { Permission } from '../../kernel/permissions.ts';
import { againstCompensation } from '../../orders/model/moves/compensation.ts';
import { lastSentAt } from '../../orders/model/moves/refund.ts';
import { wasReleased } from '../../orders/model/moves/staff.ts';
import { mayTakeOff } from '../../orders/model/moves/undo.ts';
import { undoingOf, wayOff } from '../../orders/model/undoing.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderPolicy } from '../../orders/model/policy.ts';
import { fundingOf, fundingRefundOf, isForCard, isReversing } from '../../orders/model/state.ts';
import { againstReversing } from './reversal-checks.ts';

/** What a user who asks for an action must have. */
const PERMISSION: Readonly<Record<OrderAction, Permission>> = {
  'query-channel': 'order:decide',
  'query-grid': 'order:decide',
  'treat-as-sold': 'order:decide',
  'reverse-refund': 'order:decide',
  resume: 'order:decide',
  'refund-elsewhere': 'order:decide',
  rewrite: 'card:rewrite',
  reverse: 'order:reverse',
  undo: 'order:reverse',
  refund: 'refund:request',
  note: 'order:note',
};

/** When it is asked, and by which times. */
export interface Asked {
  readonly now: Date;
  readonly policy: Pick<OrderPolicy, 'refundUnderWayMs'>;
  /** Whether the grid cancels sales that are on their cards; absent: it does not. */
  readonly cancelsWritten?: boolean;
}

/** Every action with whether the order's facts allow it now, and why not. Pure; what the grid says is asked when it is done. */
export function actionsOf(order: Order, asked: Asked): OrderActions['actions'] {
  const one = (action: OrderAction, why: string | null, persons: 1 | 2) => ({
    action,
    allowed: why === null,
    why,
    does: `orders.does.${action}`,
    permission: PERMISSION[action],
    persons,
  });
  return [
    one(
      'query-channel',
      order.payments.length === 0 ? 'No channel was ever asked to take money for this.' : null,
      1,
    ),
    one('query-grid', againstQuery(order), 1),
    one('treat-as-sold', againstDecision(order, 'treat-as-sold', asked), 2),
    one('reverse-refund', againstDecision(order, 'reverse-refund', asked), 2),
    one('resume', againstDecision(order, 'resume', asked), 2),
    one('refund-elsewhere', againstDecision(order, 'refund-elsewhere', asked), 2),
    one('rewrite', againstRewrite(order, asked.now), 1),
    one('reverse', againstStaffReversal(order, asked), 2),
    one('undo', againstTakingOff(order, asked), 1),
    one('refund', againstCompensation(order, null)?.why ?? null, 2),
    one('note', null, 1),
  ];
}

/** What the facts say against a decision, as a sentence; null where nothing does. */
export function againstDecision(order: Order, decision: Decision, asked: Asked): string | null {
  switch (decision) {
    case 'treat-as-sold':
      return againstTreatAsSold(order);
    case 'reverse-refund':
      return againstReverseRefund(order);
    case 'resume':
      if (order.attention === 'payment-mismatch') return null;
      return 'Only an order whose channel insists on a payment that is not ours can be resumed as it is.';
    case 'refund-elsewhere':
      return againstElsewhere(order, asked);
  }
}

function againstElsewhere(order: Order, { now, policy }: Asked): string | null {
  const abnormal = order.refunds.filter(({ status }) => status === 'abnormal');
  if (abnormal.length === 0) return 'No refund of this order is abnormal.';
  const lastSent = Math.max(...abnormal.map((refund) => lastSentAt(refund)?.getTime() ?? 0));
  const until = lastSent + policy.refundUnderWayMs;
  if (until <= now.getTime()) return null;
  return `The channel was asked for it just now and may still give it back. Decide after ${new Date(until).toISOString()}.`;
}

function againstQuery(order: Order): string | null {
  return order.sale.status === 'none' && order.sale.firstSentAt === undefined
    ? 'The grid was never asked to sell this.'
    : null;
}

function againstTreatAsSold(order: Order): string | null {
  if (order.attention === null || order.attention === 'payment-mismatch') {
    return 'The order is not waiting for a decision about its sale.';
  }
  if (isReversing(order)) return 'The grid was asked to undo the sale and has not answered yet.';
  if (order.reversal.status === 'reversed') return 'The grid has undone the sale.';
  const refund = fundingRefundOf(order);
  if (refund !== undefined && (refund.status !== 'approved' || refund.sentAt !== undefined)) {
    return 'The money has been refunded.';
  }
  return fundingOf(order) === undefined ? 'No payment funds this order.' : null;
}

function againstReverseRefund(order: Order): string | null {
  if (order.attention === null || order.attention === 'payment-mismatch') {
    return 'The order is not waiting for a decision about its sale.';
  }
  if (isReversing(order)) return 'The grid was asked to undo the sale and has not answered yet.';
  if (fundingOf(order) === undefined) return 'No payment funds this order.';
  // The sale that came late is undone: what is left is to let the refund go.
  if (fundingRefundOf(order) !== undefined) {
    return order.reversal.status === 'reversed'
      ? null
      : 'The money is being refunded, and the grid has not undone the sale.';
  }
  if (wasReleased(order)) {
    return 'A terminal was given the write: the purchase may be on the card or a copy of it. Only the meter can prove that it is not.';
  }
  if (order.credit.status !== 'none' && order.credit.status !== 'failed') {
    return 'The sale was credited to the meter remotely, or may have been.';
  }
  return order.reversal.status === 'reversed' ? 'The grid has undone the sale.' : null;
}

/** What the facts say against writing the card once more. */
export function againstRewrite(order: Order, now: Date): string | null {
  if (order.attention !== null) return 'The order waits for a decision.';
  if (order.sale.status !== 'sold') return 'The grid has not sold this.';
  if (fundingRefundOf(order) !== undefined || order.closure.status === 'closed')
    return 'The order has ended.';
  if (isReversing(order)) return 'The grid was asked to undo the sale and has not answered yet.';
  if (!isForCard(order)) return 'The purchase is credited to the meter remotely.';
  const { status, leaseUntil, terminalId } = order.write;
  if (status === 'released' && leaseUntil !== undefined && leaseUntil > now) {
    return `Terminal ${terminalId ?? ''} is writing it until ${leaseUntil.toISOString()}; nobody else may meanwhile.`;
  }
  return null;
}

function againstStaffReversal(order: Order, { now, cancelsWritten }: Asked): string | null {
  if (order.attention !== null) return 'The order waits for a decision: see reverse-refund.';
  return againstReversing(order, now, cancelsWritten)?.why ?? null;
}

/** What the facts say against taking the sale off its card now; what the card says is asked at the terminal. */
function againstTakingOff(order: Order, { now, cancelsWritten = false }: Asked): string | null {
  if (!mayTakeOff(order)) return 'Two persons have not allowed that its sale be taken off a card.';
  if (undoingOf(order) !== 'on-card' || order.attention !== null)
    return 'The sale is not on its card any more.';
  if (wayOff(order, { now, cancelsWritten }) === 'here') return null;
  return 'The grid has cut the day of this sale. Send the household to the grid’s counter with its card.';
}

/** Why the value of a written order comes off its card at the grid's counter alone, for the slip that the household takes there. */
export function counterOf(
  order: Order,
  { now, cancelsWritten = false }: Asked,
): Pick<OrderActions, 'counter'> {
  if (undoingOf(order) !== 'on-card') return {};
  const way = wayOff(order, { now, cancelsWritten });
  return way === 'here' ? {} : { counter: way };
}
