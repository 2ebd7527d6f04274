import type { OrderDays } from '../../orders/store/order-days.ts';
import { CHANGED_FIELDS } from '../../orders/store/order-changes.ts';
import type { Order } from '../../orders/model/order.ts';
import type { Channel } from '@bianmin/purchase/api/channels';
import { ACCOUNTS, isBilled } from '../ledger/accounts.ts';
import { LedgerError } from '../ledger/error.ts';
import { postingsOf, type BookedOrder } from '../ledger/order-postings.ts';
import { accrualPostingsOf } from '../commission/accruals.ts';
import type { CommissionRule } from '../commission/rule.ts';
import { addLegs, type Leg, type Posting } from '../ledger/posting.ts';
import { itemsOfOrder } from './order-items.ts';

/** An order with both: its events, which the ledger is made of, and its facts, which bills are compared with. */
export type SummedOrder = BookedOrder & Pick<Order, 'reversal' | 'orgPath'>;
export const SUMMED_FIELDS = { ...CHANGED_FIELDS, reversal: 1 } as const;

/** By account, in fen as debits. */
export type Sums = Map<string, number>;

export interface AccountSums {
  /** What the orders' events of the day do. */
  readonly events: Sums;
  /** What sales of the day earn by the rules, and what their undoing on it takes away: no paper is of that. */
  readonly accrued: Sums;
  /** How far what orders' events say, of all their days, is from the facts that are compared with bills. Zero, or wrong. */
  readonly drift: Sums;
}

/** Adds up one day of the orders, on the accounts that others have papers of, and on those of what sales earn. */
export async function accountSums(
  orders: OrderDays<SummedOrder>,
  day: string,
  rules: readonly CommissionRule[] = [],
): Promise<AccountSums> {
  const events: Sums = new Map();
  const accrued: Sums = new Map();
  const drift: Sums = new Map();
  for await (const order of orders.read({ first: day, last: day })) {
    const postings = readable(() => postingsOf(order));
    const earned = rules.length === 0 ? [] : readable(() => accrualPostingsOf(order, rules));
    for (const posting of earned) if (posting.day === day) addLegs(accrued, posting.legs);
    for (const posting of postings) if (posting.day === day) addLegs(events, posting.legs.filter(isPapered));
    const all = postings.flatMap(({ legs }) => legs).filter(isPapered);
    addLegs(drift, [...all, ...factsOf(order).map(({ account, fen }) => ({ account, fen: 0 - fen }))]);
  }
  return { events, accrued, drift };
}

/** What cannot be read is posted nowhere and is a case already; that its facts stand alone shows here as drift. */
function readable(read: () => Posting[]): Posting[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return [];
  }
}

/** Whether a channel's or the grid's paper speaks of this account, apart from what the channel keeps. */
export function isPapered({ account }: Pick<Leg, 'account'>): boolean {
  return isBilled(account) && !account.startsWith('fee:');
}

/** What an order's facts do to these accounts, of whatever day: the same items that bills' lines are compared with. */
function factsOf(order: SummedOrder): Leg[] {
  return itemsOfOrder(order).flatMap((item): Leg[] => {
    if (item.pair === 'channel') {
      const account = ACCOUNTS.channel(item.item.split('/')[0] as Channel);
      if (item.status === 'paid') return [{ account, fen: item.fen }];
      return item.status === 'refund-done' ? [{ account, fen: 0 - item.fen }] : [];
    }
    const sign = item.status === 'sold' ? -1 : item.status === 'reversed' ? 1 : 0;
    const { grid } = order;
    const accounts = [ACCOUNTS.gridCredit(grid), ACCOUNTS.gridArrears(grid), ACCOUNTS.gridFee(grid)];
    return accounts.map((account, part) => ({ account, fen: sign * (item.parts[part] ?? 0) }));
  });
}
