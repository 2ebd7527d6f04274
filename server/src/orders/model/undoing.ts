import { isInMeter } from './moves/meter.ts';
import { wasReleased } from './moves/staff.ts';
import type { Order } from './order.ts';
import { fundingOf, isReversing } from './state.ts';

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
  /** Written, and the meter has not said that it has it: the card may still carry it. */
  | 'on-card';

/**
 * Which case an order is. "Written" is a terminal's claim and says where the money lies: a refund of a card that still
 * carries it would pay for the same electricity twice. So it is not over time that it becomes credited, but by the meter's
 * word alone.
 */
export function undoingOf(order: Order): Undoing {
  if (isInMeter(order) || order.credit.status === 'credited') return 'credited';
  if (order.sale.status !== 'sold' || fundingOf(order) === undefined || isReversing(order)) return 'nothing';
  if (order.write.status === 'written') return 'on-card';
  if (wasReleased(order)) return 'unfinished';
  return order.credit.status === 'none' || order.credit.status === 'failed' ? 'reverse' : 'unfinished';
}
