import type { CounterNext } from '@bianmin/purchase/api/counter';
import { isInMeter } from '../../orders/model/moves/meter.ts';
import type { Order } from '../../orders/model/order.ts';
import { isForCard } from '../../orders/model/state.ts';
import { leaseElsewhere } from '../../orders/desk/write-lease.ts';
import { againstRewrite } from '../staff/actions.ts';

/**
 * What staff at this terminal can do about an order. Nothing here is a right that the card alone would not have: a sold
 * order's card is written by whichever terminal holds it, under the release's own checks.
 */
export function nextOf(order: Order, terminalId: string, now: Date): CounterNext {
  switch (order.state) {
    case 'created':
    case 'paying':
      return 'pay';
    case 'paid':
    case 'grid-silent':
    case 'crediting':
    case 'refunding':
      return 'wait';
    case 'credit-failed':
      return 'choose';
    case 'attention':
      return 'office';
    case 'refunded':
    case 'closed':
      return 'none';
    case 'done':
      if (!isForCard(order) || order.credit.status === 'credited' || isInMeter(order)) return 'none';
      return againstRewrite(order, now) === null ? 'check-card' : 'none';
    case 'sold':
    case 'writing':
    case 'write-failed':
      if (leaseElsewhere(order, terminalId, now) !== null) return 'written-elsewhere';
      // A terminal's own lease does not stand against itself.
      return againstRewrite({ ...order, write: { ...order.write, status: 'none' } }, now) === null
        ? 'insert-card'
        : 'office';
  }
}
