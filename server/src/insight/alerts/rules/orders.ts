import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import { PROVINCE_PATH } from '../../../kernel/org-path.ts';
import { byPrefecture, isOlder, type Finding, type Moment, type Placed } from '../finding.ts';
import type { LimitName } from '@bianmin/purchase/api/alert-limits';
import { msOf } from '../limits.ts';
import type { OrderFacts } from '../order-facts.ts';

type Since = (order: OrderFacts) => Date | undefined;

/** Of these orders, those that have been so for longer than the limit, by prefecture. */
function overdue(
  rule: AlertRule,
  orders: readonly OrderFacts[],
  of: { at: Moment; limit: LimitName; since: Since },
): Finding[] {
  const ms = msOf(of.at.limits, of.limit);
  const late = orders.flatMap((order): Placed[] => {
    const since = of.since(order);
    return since !== undefined && isOlder(since, ms, of.at) ? [placed(order, since)] : [];
  });
  return byPrefecture(rule, late);
}

export function placed({ _id, orgPath = PROVINCE_PATH }: OrderFacts, since: Date): Placed {
  return { orgPath, since, facts: { orderNo: _id } };
}

/** Of orders in `paid` and `grid-silent`: the money is here and the grid has not sold. */
export function paidNotSold(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const since: Since = ({ payments, updatedAt }) =>
    payments.find(({ funds }) => funds === true)?.paidAt ?? updatedAt;
  return overdue('order.paid-not-sold', orders, { at, limit: 'paid-not-sold-minutes', since });
}

/**
 * Of orders in `sold`: a purchase that broke off a while ago, whose card may still be near, and one whose card has long been
 * taken home without it. That the card is gone no reader tells: it follows from the time alone.
 */
export function soldNotWritten(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const since: Since = ({ sale, updatedAt }) => sale.sentAt ?? updatedAt;
  const home = msOf(at.limits, 'card-went-home-hours');
  const [near, gone]: [OrderFacts[], OrderFacts[]] = [[], []];
  for (const order of orders) (isOlder(since(order) ?? at.now, home, at) ? gone : near).push(order);
  return [
    ...overdue('order.sold-not-written', near, { at, limit: 'sold-not-written-minutes', since }),
    ...overdue('order.card-went-home', gone, { at, limit: 'card-went-home-hours', since }),
  ];
}

/** Of orders in `writing` and `write-failed`: a plan went to a terminal, its lease is over, and it is not said to be written. */
export function writeUnfinished(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const since: Since = ({ state, write, updatedAt }) =>
    state === 'write-failed' ? (write.at ?? updatedAt) : (write.leaseUntil ?? updatedAt);
  return overdue('order.write-unfinished', orders, { at, limit: 'write-unfinished-minutes', since });
}

/** Of orders in `attention`: a person must decide, and none has. */
export function attentionWaiting(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const since: Since = ({ updatedAt }) => updatedAt;
  return overdue('order.attention', orders, { at, limit: 'attention-hours', since });
}

/** Of orders that move: whatever of them has had no known outcome for too long. */
export function unknownTooLong(orders: readonly OrderFacts[], at: Moment): Finding[] {
  return overdue('order.unknown-too-long', orders, { at, limit: 'unknown-minutes', since: unknownSince });
}

/** Since when the oldest of an order's unknown facts is unknown, as far as is kept; undefined where all are known. */
function unknownSince(order: OrderFacts): Date | undefined {
  const { sale, reversal, credit, payments, refunds, updatedAt } = order;
  const times = [
    ...(sale.status === 'unknown' ? [sale.firstSentAt ?? sale.sentAt ?? updatedAt] : []),
    ...(reversal.status === 'unknown' ? [reversal.sentAt ?? updatedAt] : []),
    ...(credit?.status === 'unknown' ? [credit.firstSentAt ?? credit.sentAt ?? updatedAt] : []),
    ...payments.filter(({ status }) => status === 'unknown').map(({ createdAt }) => createdAt),
    ...refunds.filter(({ status }) => status === 'unknown').map(({ sentAt, at }) => sentAt ?? at),
  ];
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0];
}
