import type { AccountStanding } from '../../../gateways/grid/accounts.ts';
import type { Change } from '../change.ts';
import type { Order } from '../order.ts';
import { fundingRefundOf, isUndoing } from '../state.ts';

/**
 * The grid has it in the customer's account: that is the credit, since the account is what the electricity is taken from. No
 * meter has a word of its own to say about it.
 */
export function inAccount(
  order: Order,
  now: Date,
  { creditFen, account }: { readonly creditFen: number; readonly account?: AccountStanding | undefined },
): Change & { readonly set: Required<Pick<Order, 'credit'>> } {
  const { balanceFen = null, supply = null } = account ?? {};
  return {
    set: {
      credit: {
        ...order.credit,
        ...{ status: 'credited', creditedAt: now },
        ...(balanceFen === null ? {} : { balanceFen }),
        ...(supply === null ? {} : { supply }),
      },
    },
    events: [{ name: 'account.credited', by: 'grid', data: { creditFen } }],
  };
}

/**
 * Its household was converted (转远程费控) before the purchase came to the meter, and the grid moved it to the account.
 * Nothing of it is to be written any more.
 */
export function movedToAccount(order: Order, now: Date): Change | undefined {
  const { sale, credit, write } = order;
  if (sale.status !== 'sold' || credit.status === 'credited' || write.status === 'written') return undefined;
  if (order.attention !== null || isUndoing(order) || fundingRefundOf(order) !== undefined) return undefined;
  return inAccount(order, now, { creditFen: sale.creditFen ?? order.faceFen });
}
