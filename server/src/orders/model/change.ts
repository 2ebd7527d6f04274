import type { Order, OrderEvent } from './order.ts';
import { duesAfter, withDues } from './due.ts';
import type { OrderPolicy } from './policy.ts';
import { deriveState } from './state.ts';

/** What a move may touch; everything else of an order is fixed when it is made. */
export type Facts = Pick<
  Order,
  | 'payments'
  | 'sale'
  | 'saleSlot'
  | 'chip'
  | 'serial'
  | 'imageDigest'
  | 'reversal'
  | 'write'
  | 'credit'
  | 'meter'
  | 'undo'
  | 'fallback'
  | 'refunds'
  | 'closure'
  | 'attention'
  | 'watchers'
>;

export type NewEvent = Omit<OrderEvent, 'n' | 'at'>;

/** One move: the facts as they are to be, and what happened, in order: at least one event. */
export interface Change {
  readonly set: Partial<Facts>;
  readonly events: readonly NewEvent[];
}

/** The order after a move. Pure; storing it is a compare-and-set against the order it was made from. */
export function applyChange(order: Order, change: Change, init: { now: Date; policy: OrderPolicy }): Order {
  if (change.events.length === 0) throw new Error('A change without an event would go unnoticed.');
  // A stream's ids grow with time even when a server's clock steps back.
  const at = init.now > order.updatedAt ? init.now : order.updatedAt;
  const events = change.events.map((event, index) => ({ ...event, n: order.version + index + 1, at }));
  const next: Order = {
    ...order,
    ...change.set,
    events: [...order.events, ...events],
    version: order.version + events.length,
    updatedAt: at,
  };
  return withDues({ ...next, state: deriveState(next) }, duesAfter(order, next, init.now, init.policy));
}
