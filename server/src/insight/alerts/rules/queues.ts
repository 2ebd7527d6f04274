import { isOlder, ofProvince, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';
import type { OrderFacts } from '../order-facts.ts';

/** What waits in a queue: how many, and since when the first of them. */
export interface QueueFact {
  readonly waiting: number;
  readonly oldest: Date | undefined;
}

/** Jobs that no worker takes. Orders go on without them, later. */
export function jobsLate({ waiting, oldest }: QueueFact, at: Moment): Finding[] {
  if (oldest === undefined || !isOlder(oldest, msOf(at.limits, 'jobs-late-minutes'), at)) return [];
  return [ofProvince({ rule: 'queue.jobs-late', subject: 'orders', since: oldest, count: waiting })];
}

export function exportsLate({ waiting, oldest }: QueueFact, at: Moment): Finding[] {
  if (oldest === undefined || !isOlder(oldest, msOf(at.limits, 'exports-late-minutes'), at)) return [];
  return [ofProvince({ rule: 'queue.exports-late', subject: 'exports', since: oldest, count: waiting })];
}

/** Orders that should have been looked at and were not: the sweeper does not come after. */
export function ordersLate(overdue: readonly OrderFacts[], at: Moment): Finding[] {
  const due = overdue.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [dueAt.getTime()]));
  if (due.length === 0) return [];
  const since = new Date(Math.min(...due));
  if (!isOlder(since, msOf(at.limits, 'orders-late-minutes'), at)) return [];
  return [ofProvince({ rule: 'queue.orders-late', subject: 'sweeper', since, count: due.length })];
}
