import type { ProblemCode } from '@bianmin/shared/api/problem';
import { wasReleased } from '../../orders/model/moves/staff.ts';
import type { Order } from '../../orders/model/order.ts';
import { fundingOf, fundingRefundOf, isReversing } from '../../orders/model/state.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { CardRead } from './readings-store.ts';

/** What stands against undoing an order's sale: a problem code and a sentence. */
export interface Against {
  readonly code: Extract<ProblemCode, `reversal.${string}`>;
  readonly why: string;
}

/**
 * What the order itself says against a reversal (冲正) by staff, whatever its card shows; undefined where nothing does.
 * A released plan is final here: undoing it would need a plan that takes the sale off the card again and a reading of
 * that, and the grid offers no such plan.
 */
export function againstReversing(order: Order, now: Date): Against | undefined {
  if (fundingRefundOf(order) !== undefined) {
    return { code: 'reversal.refunded', why: 'The money is already being refunded.' };
  }
  if (order.sale.status !== 'sold' || fundingOf(order) === undefined || isReversing(order)) {
    return { code: 'reversal.not-sold', why: 'There is no sale to undo, or it is being undone.' };
  }
  if (order.credit.status !== 'none' && order.credit.status !== 'failed') {
    return { code: 'reversal.credited', why: 'The sale was credited to the meter remotely.' };
  }
  if (wasReleased(order)) {
    return {
      code: 'reversal.plan-released',
      why: 'A terminal was given the write. The purchase may be on the card, or on a copy of it, and the grid offers no way to take it off again: write the card again instead.',
    };
  }
  const soldAt = order.sale.sentAt ?? order.createdAt;
  if (chinaDay(soldAt) !== chinaDay(now)) {
    return {
      code: 'reversal.day-over',
      why: `The sale is of ${chinaDay(soldAt)}; the grid has cut that day.`,
    };
  }
  return undefined;
}

/** What the card, read now, says against it. The utilities' own rule: not inserted since, counters equal, same household. */
export function againstCard(order: Order, read: CardRead): Against | undefined {
  if (read.serial !== order.serial || !read.sameHousehold) {
    return { code: 'reversal.other-card', why: 'The card that was read is not the one of this order.' };
  }
  if (read.creditedCount !== null && read.creditedCount >= order.count) {
    return {
      code: 'reversal.credited',
      why: 'What the meter left on the card shows this purchase credited.',
    };
  }
  if (read.soldCount !== order.count) {
    return {
      code: 'reversal.later-sale',
      why: `The grid's last sale to this meter has count ${read.soldCount}.`,
    };
  }
  if (read.cardCount !== order.count - 1) {
    return {
      code: 'reversal.counters-differ',
      why: `The card bears count ${read.cardCount}; before this purchase it was ${order.count - 1}.`,
    };
  }
  if (order.imageDigest !== '' && read.imageDigest !== order.imageDigest) {
    return { code: 'reversal.card-inserted', why: 'The card has changed since the sale.' };
  }
  return undefined;
}
