import type { Order } from '../model/order.ts';
import { fundingOf, isLive } from '../model/state.ts';

/** Until when a payer may begin to pay: an order without a code that could be paid ends by itself then. */
export function payableUntil(order: Order, ttlMs: number): Date {
  const ends = order.payments.filter(isLive).map(({ expiresAt }) => expiresAt.getTime());
  return new Date(Math.max(order.createdAt.getTime() + ttlMs, ...ends));
}

/** Whether an order takes money now. */
export function isPayable(order: Order, now: number, ttlMs: number): boolean {
  const open = order.closure.status === 'open' && fundingOf(order) === undefined;
  return open && payableUntil(order, ttlMs).getTime() > now;
}
