import type { CommissionKind } from '@bianmin/purchase/api/commission';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Order } from '../../orders/model/order.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import { soldFen, type BookedOrder } from '../ledger/order-postings.ts';
import type { Leg, Posting } from '../ledger/posting.ts';
import { commissionOf } from './commission.ts';
import type { CommissionRule } from './rule.ts';

/** What accruals need of an order. */
export type AccruedOrder = BookedOrder & Pick<Order, 'orgPath'>;

/** What one event of an order did to what is earned by one rule; below zero where it undid a sale. */
export interface Accrual {
  readonly kind: CommissionKind;
  readonly rule: CommissionRule;
  readonly fen: number;
  /** Sales that came and went, and their face value. */
  readonly sales: number;
  readonly faceFen: number;
  readonly posting: Posting;
}

/** A sale that stands, by what it earns. */
interface Standing {
  /** On which it was told first: its rules stay those of that day, also when it is told again. */
  readonly day: string;
  readonly faceFen: number;
  readonly earned: ReadonlyMap<CommissionKind, { readonly rule: CommissionRule; readonly fen: number }>;
}

/**
 * What an order's sales earn and their undoing takes away, event by event: postings of their own beside what the same events did to
 * the payer's money. Nobody's money moves: what is owed is written down, and paid by invoice. Pure: a rule holds from a day that
 * had not begun when it was allowed, so that the same events give the same postings for ever. Throws `ledger.event-unreadable`.
 */
export function accrualsOf(order: AccruedOrder, rules: readonly CommissionRule[]): Accrual[] {
  let standing: Standing | undefined;
  return order.events.flatMap((event): Accrual[] => {
    const { n, name, at } = event;
    if (name !== 'sale.sold' && name !== 'sale.undone') return [];
    const before = standing;
    standing =
      name === 'sale.undone'
        ? undefined
        : standingOf(order, { day: before?.day ?? chinaDay(at), faceFen: soldFen(order, event), rules });
    const kinds = new Set([...(before?.earned.keys() ?? []), ...(standing?.earned.keys() ?? [])]);
    return [...kinds].flatMap((kind): Accrual[] => {
      const [was, is] = [before?.earned.get(kind), standing?.earned.get(kind)];
      const rule = is?.rule ?? was?.rule;
      const fen = (is?.fen ?? 0) - (was?.fen ?? 0);
      if (rule === undefined || fen === 0) return [];
      const sales = (is === undefined ? 0 : 1) - (was === undefined ? 0 : 1);
      const faceFen =
        (is === undefined ? 0 : (standing?.faceFen ?? 0)) - (was === undefined ? 0 : (before?.faceFen ?? 0));
      const legs = legsOf(kind, order, fen);
      const posting = { source: order._id, n, group: kind, name, at, day: chinaDay(at), legs };
      return [{ kind, rule, fen, sales, faceFen, posting }];
    });
  });
}

/** The same as the ledger keeps it. */
export function accrualPostingsOf(order: AccruedOrder, rules: readonly CommissionRule[]): Posting[] {
  return accrualsOf(order, rules).map(({ posting }) => posting);
}

function standingOf(
  order: AccruedOrder,
  { day, faceFen, rules }: { day: string; faceFen: number; rules: readonly CommissionRule[] },
): Standing {
  const channel = order.payments.find(({ funds }) => funds === true)?.channel;
  const facts = { day, orgPath: order.orgPath, faceFen, ...(channel === undefined ? {} : { channel }) };
  return { day, faceFen, earned: new Map(commissionOf(facts, rules).map((each) => [each.kind, each])) };
}

function legsOf(kind: CommissionKind, { grid, orgPath }: AccruedOrder, fen: number): Leg[] {
  const [debit, credit] =
    kind === 'agency'
      ? [ACCOUNTS.agency(grid), ACCOUNTS.incomeAgency]
      : [ACCOUNTS.costCommission, ACCOUNTS.commission(orgPath.at(-1) ?? PROVINCE)];
  return [
    { account: debit, fen },
    { account: credit, fen: 0 - fen },
  ];
}
