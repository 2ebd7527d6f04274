import type { Change, Facts } from '../change.ts';
import type { Order } from '../order.ts';
import { paymentsClosed } from './payment.ts';

type Timed = Pick<Facts, 'sale' | 'reversal' | 'credit' | 'write' | 'undo' | 'payments' | 'refunds'>;

/** What our own clocks say; of what grid and channels say nothing is changed. */
const OURS: ReadonlySet<string> = new Set([
  ...[
    'firstSentAt',
    'sentAt',
    'sentAgainAt',
    'at',
    'leaseUntil',
    'createdAt',
    'expiresAt',
    'lookAgainAt',
    'noCreditAt',
  ],
]);

/**
 * A clock that was ahead said times that have not come. They are taken as now: what was sent counts as sent now, a lease
 * and a code end now, and an order that cannot be paid ends. Nothing where all times have come.
 */
export function clockSet(order: Order, now: Date): Change | undefined {
  const come: Timed = {
    sale: comeBy(order.sale, now),
    reversal: comeBy(order.reversal, now),
    credit: comeBy(order.credit, now),
    write: comeBy(order.write, now),
    ...(order.undo === undefined ? {} : { undo: comeBy(order.undo, now) }),
    payments: allComeBy(order.payments, now),
    refunds: allComeBy(order.refunds, now),
  };
  // When it was made stays: unpaid, it would be in its meter's way until then.
  const ends = order.createdAt > now ? paymentsClosed({ ...order, ...come }, [], 'expired') : undefined;
  const names = Object.keys(come) as (keyof Timed)[];
  if (ends === undefined && names.every((name) => come[name] === order[name])) return undefined;
  return {
    set: { ...come, ...ends?.set },
    events: [{ name: 'order.clock-set', by: 'system' }, ...(ends?.events ?? [])],
  };
}

/** The same where all have come. */
function allComeBy<T extends object>(all: readonly T[], now: Date): readonly T[] {
  const come = all.map((each) => comeBy(each, now));
  return come.every((each, index) => each === all[index]) ? all : come;
}

/** The same where all its times have come. */
function comeBy<T extends object>(fact: T, now: Date): T {
  const ahead = Object.entries(fact).filter(
    ([name, value]) => OURS.has(name) && value instanceof Date && value > now,
  );
  return ahead.length === 0 ? fact : { ...fact, ...Object.fromEntries(ahead.map(([name]) => [name, now])) };
}
