import { isInMeter } from './moves/meter.ts';
import { wasReleased } from './moves/staff.ts';
import type { Order } from './order.ts';
import { fundingOf, isUndoing } from './state.ts';
import { chinaDay } from '../../kernel/china-time.ts';

/** What it takes to undo a purchase. One of these holds at a time; each says what a person must do. */
export type Undoing =
  /** There is no sale that stands: what is owed goes back by rule. */
  | 'nothing'
  /** The meter has it: it stands, and money is given back beside it. */
  | 'credited'
  /** No plan ever left: the grid reverses the sale. */
  | 'reverse'
  /** A plan is out, or a credit from afar is under way, and nothing says how it ended: it is finished first. */
  | 'unfinished'
  /** Written, and the meter has not said that it has it: only who takes it off the card may give the money back. */
  | 'on-card';

/**
 * Which case an order is. "Written" is a terminal's claim and says where the money lies: a refund of a card that still
 * carries it would pay for the same electricity twice. So it is not over time that it becomes credited, but by the meter's
 * word alone.
 */
export function undoingOf(order: Order): Undoing {
  if (isInMeter(order) || order.credit.status === 'credited') return 'credited';
  if (order.sale.status !== 'sold' || fundingOf(order) === undefined || isUndoing(order)) return 'nothing';
  if (order.write.status === 'written') return 'on-card';
  if (wasReleased(order)) return 'unfinished';
  return order.credit.status === 'none' || order.credit.status === 'failed' ? 'reverse' : 'unfinished';
}

/** When and where it is asked how a sale comes off its card. */
export interface Offered {
  readonly now: Date;
  /** Whether the grid cancels sales that are on their cards. */
  readonly cancelsWritten: boolean;
}

/** Whether the grid's day of this sale is still open: it undoes nothing of a day that it has cut. */
export function isOfToday({ sale, createdAt }: Order, now: Date): boolean {
  return chinaDay(sale.sentAt ?? createdAt) === chinaDay(now);
}

/** How a sale that is on its card comes off it: here, by a plan of the grid's; otherwise why only at the grid's own counter. */
export function wayOff(order: Order, { now, cancelsWritten }: Offered): 'here' | 'not-offered' | 'day-over' {
  if (!cancelsWritten) return 'not-offered';
  return isOfToday(order, now) ? 'here' : 'day-over';
}

/** Whether a sale that is on its card may come off it still: on its day, or while a plan for that is out. */
export function isUndoable(order: Order, now: Date): boolean {
  if (undoingOf(order) !== 'on-card') return false;
  const { undo } = order;
  const isOut = undo?.status === 'released' && undo.leaseUntil !== undefined && undo.leaseUntil > now;
  return isOut || isOfToday(order, now);
}
