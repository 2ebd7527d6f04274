import { ProblemError } from '../../kernel/problem.ts';
import type { Order } from '../model/order.ts';

/** Until when another terminal has an order's write to itself; null where none has. */
export function leaseElsewhere(order: Pick<Order, 'write'>, terminalId: string, now: Date): Date | null {
  const { status, leaseUntil, terminalId: holder } = order.write;
  const isHeld = status === 'released' && leaseUntil !== undefined && leaseUntil > now;
  return isHeld && holder !== terminalId ? leaseUntil : null;
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
