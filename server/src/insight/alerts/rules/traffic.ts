import { ofProvince, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';
import type { OrderFacts } from '../order-facts.ts';

interface Tally {
  all: number;
  failed: number;
  since: Date;
}

function percentOf({ all, failed }: Tally): number {
  return all === 0 ? 0 : Math.round((failed * 100) / all);
}

function isWithin(date: Date, at: Moment): boolean {
  return at.now.getTime() - date.getTime() < msOf(at.limits, 'failing-window-minutes');
}

/** Of the orders of the last minutes: channels whose payments mostly come to nothing that we understand. */
export function channelsFailing(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const tallies = new Map<string, Tally>();
  for (const { channel, status, createdAt } of orders.flatMap(({ payments }) => payments)) {
    if (channel === 'cash' || !isWithin(createdAt, at)) continue;
    const tally = tallies.get(channel) ?? { all: 0, failed: 0, since: at.now };
    tallies.set(channel, tally);
    tally.all += 1;
    // It never gave a code, or what it did is not known.
    if (status !== 'created' && status !== 'unknown') continue;
    tally.failed += 1;
    if (createdAt < tally.since) tally.since = createdAt;
  }
  return [...tallies].flatMap(([subject, tally]) => {
    const percent = percentOf(tally);
    if (tally.all < at.limits['failing-least'] || percent < at.limits['failing-percent']) return [];
    const { failed: count, since, all } = tally;
    return [ofProvince({ rule: 'channel.failing', subject, since, count, facts: { percent, of: all } })];
  });
}

/** Of the orders of the last minutes that were paid: a grid that mostly does not say whether it sold. */
export function gridSilent(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const tally: Tally = { all: 0, failed: 0, since: at.now };
  for (const { payments, sale } of orders) {
    const paidAt = payments.find(({ funds }) => funds === true)?.paidAt;
    if (paidAt === undefined || !isWithin(paidAt, at)) continue;
    tally.all += 1;
    // What waits for our credit has had its answer.
    const answered = sale.status === 'sold' || sale.status === 'rejected' || sale.noCreditAt !== undefined;
    const silent = sale.status === 'unknown' || (!answered && (sale.tries ?? 0) > 1);
    if (!silent) continue;
    tally.failed += 1;
    if (paidAt < tally.since) tally.since = paidAt;
  }
  const { failed: count, since, all } = tally;
  const percent = percentOf(tally);
  if (count < at.limits['grid-silent-least'] || percent < at.limits['grid-silent-percent']) return [];
  return [ofProvince({ rule: 'grid.silent', subject: 'grid', since, count, facts: { percent, of: all } })];
}
