import type { OrderSearch } from '@bianmin/purchase/api/admin-orders';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import type { OrderQuery } from '../../orders/store/order-query.ts';

const CENTURY = Date.UTC(2000, 0, 2);

/** What staff search for, as the store is asked: times become order numbers, which are in the order of time. */
export function orderQueryOf(search: Omit<OrderSearch, 'any' | 'after' | 'limit'>): OrderQuery {
  const { customerNo, serial, terminalId, transactionId, state, entry, channel, chip, orgId } = search;
  const { attention, from, to } = search;
  return {
    ...{ customerNo, serial, terminalId, transactionId, state, entry, channel, chip, orgId },
    attention,
    from: from === undefined ? undefined : edgeOf(new Date(from)),
    to: to === undefined ? undefined : edgeOf(new Date(to)),
  };
}

/** Numbers begin with two digits of the year: what is before the century is before each of them. */
function edgeOf(at: Date): string {
  return at.getTime() < CENTURY ? '0' : firstOrderNo(at);
}
