import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { Order } from '../../orders/model/order.ts';
import { fundingOf, fundingRefundOf, isReversing } from '../../orders/model/state.ts';
import { isOfToday, undoingOf } from '../../orders/model/undoing.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { CardRead } from './readings-store.ts';

/** What stands against undoing an order's sale: a problem code and a sentence. */
export interface Against {
  readonly code: Extract<ProblemCode, `reversal.${string}`>;
  readonly why: string;
}

/**
 * What the order itself says against a reversal (冲正) by staff, whatever its card shows; undefined where nothing does. A sale
 * that is on its card is taken off it first, where the grid offers that; otherwise its value is the grid's counter's.
 */
export function againstReversing(order: Order, now: Date, cancelsWritten = false): Against | undefined {
  if (fundingRefundOf(order) !== undefined) {
    return { code: 'reversal.refunded', why: 'The money is already being refunded.' };
  }
  if (order.sale.status !== 'sold' || fundingOf(order) === undefined || isReversing(order)) {
    return { code: 'reversal.not-sold', why: 'There is no sale to undo, or it is being undone.' };
  }
  if (order.credit.status !== 'none' && order.credit.status !== 'failed') {
    return { code: 'reversal.credited', why: 'The sale was credited to the meter remotely.' };
  }
  const undoing = undoingOf(order);
  if (undoing === 'credited') {
    return { code: 'reversal.credited', why: 'The meter has this purchase. Give money back beside it.' };
  }
  if (undoing === 'unfinished') {
    return {
      code: 'reversal.plan-released',
      why: 'A terminal was given the write, and has not said that the card is written: the purchase may be on it, or on a copy of it. Write the card again first.',
    };
  }
  if (undoing === 'on-card' && !cancelsWritten) {
    return {
      code: 'reversal.plan-released',
      why: 'The purchase is on its card, and the grid offers no way to take it off here. Send the household to the grid’s counter with its card.',
    };
  }
  if (!isOfToday(order, now)) {
    const soldAt = order.sale.sentAt ?? order.createdAt;
    return {
      code: 'reversal.day-over',
      why: `The sale is of ${chinaDay(soldAt)}; the grid has cut that day.${undoing === 'on-card' ? ' Send the household to the grid’s counter with its card.' : ''}`,
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
  return undoingOf(order) === 'on-card' ? againstWritten(order, read) : againstUnwritten(order, read);
}

function againstUnwritten(order: Order, read: CardRead): Against | undefined {
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

/** The card as it was read back after the write: the meter left nothing on it since. One that was begun to be taken off is another. */
function againstWritten({ write, undo, count }: Order, read: CardRead): Against | undefined {
  if (undo?.lease !== undefined) return undefined;
  if (read.cardCount !== count) {
    return {
      code: 'reversal.counters-differ',
      why: `The card bears count ${read.cardCount}; with this purchase on it, it is ${count}.`,
    };
  }
  if (read.imageDigest !== write.imageDigest) {
    return { code: 'reversal.card-inserted', why: 'The card has changed since it was written.' };
  }
  return undefined;
}
