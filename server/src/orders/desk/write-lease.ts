import { ProblemError } from '../../kernel/problem.ts';
import type { Order } from '../model/order.ts';
import type { SealKey } from '../../kernel/seal-text.ts';

/** A terminal that asks, and the key that only it can open a plan with. */
export interface WritingTerminal {
  readonly terminalId: string;
  readonly sealKey: SealKey;
}

/**
 * How much longer than the terminal a lease is held here: the terminal counts from when it asked, on a clock
 * that may run a little slower than ours.
 */
export const LEASE_GRACE_MS = 5_000;

/** When the plan of a lease left. */
export function releasedAt(
  plan: { readonly leaseUntil?: Date | undefined } | undefined,
  leaseMs: number,
): Date | undefined {
  const until = plan?.leaseUntil?.getTime();
  return until === undefined ? undefined : new Date(until - LEASE_GRACE_MS - leaseMs);
}

type Leased = Pick<Order, 'write' | 'undo'>;

/** Until when another terminal has an order's card to itself, to put the sale on it or take it off; null where none has. */
export function leaseElsewhere({ write, undo }: Leased, terminalId: string, now: Date): Date | null {
  const held = [write, undo].flatMap((plan) => {
    const isHeld = plan?.status === 'released' && plan.leaseUntil !== undefined && plan.leaseUntil > now;
    return isHeld && plan.terminalId !== terminalId ? [plan.leaseUntil.getTime()] : [];
  });
  return held.length === 0 ? null : new Date(Math.max(...held));
}

/** Throws `order.leased-elsewhere`, with how long to wait, while another terminal may be writing the card. */
export function refuseLeasedElsewhere(order: Order, terminalId: string, now: Date): void {
  const until = leaseElsewhere(order, terminalId, now);
  if (until === null) return;
  throw new ProblemError({
    code: 'order.leased-elsewhere',
    message: 'Another terminal is writing the card of this order. Try again once its lease is over.',
    orderNo: order._id,
    retryAfterS: (until.getTime() - now.getTime()) / 1000,
  });
}

/** Whether the plan of an order's card is with this terminal, under this lease. */
export function isReleasedTo({ write }: Order, terminalId: string, lease: number): boolean {
  return write.status === 'released' && write.lease === lease && write.terminalId === terminalId;
}

/** What a terminal claims or asks for is of a lease that it does not have any more. */
export function leaseStale(order: Order): ProblemError {
  return new ProblemError({
    code: 'order.lease-stale',
    message: 'This lease has expired. Read the card again and ask for a new release.',
    orderNo: order._id,
  });
}

/** What is left of a lease that this terminal holds, ms, counted as the terminal does. Throws `order.lease-stale`. */
export function leaseLeft(
  order: Order,
  plan: Order['write'] | Order['undo'],
  by: { readonly terminalId: string; readonly lease: number; readonly now: Date },
): number {
  const leaseMs = (plan?.leaseUntil?.getTime() ?? 0) - LEASE_GRACE_MS - by.now.getTime();
  const isHeld = plan?.status === 'released' && plan.lease === by.lease && plan.terminalId === by.terminalId;
  if (isHeld && leaseMs > 0) return leaseMs;
  throw leaseStale(order);
}
