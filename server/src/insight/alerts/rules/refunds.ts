import { byPrefecture, isOlder, type Finding, type Moment, type Placed } from '../finding.ts';
import { msOf } from '../limits.ts';
import type { OrderFacts } from '../order-facts.ts';
import { placed } from './orders.ts';

/** Of orders with open refunds: money that is owed and does not go back, and what its channel cannot give back. */
export function refundsStuck(orders: readonly OrderFacts[], at: Moment): Finding[] {
  const [stuck, abnormal]: [Placed[], Placed[]] = [[], []];
  for (const order of orders) {
    for (const { status, at: owed, sentAt } of order.refunds) {
      switch (status) {
        case 'approved':
        case 'unknown':
          if (isOlder(owed, msOf(at.limits, 'refund-stuck-minutes'), at)) stuck.push(placed(order, owed));
          break;
        case 'sent':
          if (isOlder(sentAt ?? owed, msOf(at.limits, 'refund-sent-hours'), at)) {
            stuck.push(placed(order, sentAt ?? owed));
          }
          break;
        case 'abnormal':
          abnormal.push(placed(order, sentAt ?? owed));
          break;
        case 'requested':
        case 'done':
        case 'rejected':
          break;
      }
    }
  }
  return [...byPrefecture('refund.stuck', stuck), ...byPrefecture('refund.abnormal', abnormal)];
}
