import type { Change } from '../change.ts';
import type { HouseholdChange } from '../household-change.ts';
import type { Order } from '../order.ts';
import { fundingOf, fundingRefundOf } from '../state.ts';
import { wasReleased } from './staff.ts';

/**
 * What was sold before the change and never left for a card cannot reach the meter that it was for: the grid is asked to undo it, and
 * only its success makes the refund owed. What may be on a card, or on its way to the meter, stays as it is.
 */
export function undoneByChange(order: Order, change: HouseholdChange, now: Date): Change | undefined {
  const { sale, reversal, credit, attention } = order;
  if (sale.status !== 'sold' || wasReleased(order) || reversal.status !== 'none') return undefined;
  if (credit.status !== 'none' && credit.status !== 'failed') return undefined;
  // What the grid did not undo once, a person has decided about.
  if (order.events.some(({ name }) => name === 'reversal.refused')) return undefined;
  if (attention !== null || fundingOf(order) === undefined || fundingRefundOf(order) !== undefined)
    return undefined;
  return {
    set: { reversal: { status: 'sent', sentAt: now, reason: change } },
    events: [{ name: 'reversal.sent', by: 'system', data: { reason: change } }],
  };
}
