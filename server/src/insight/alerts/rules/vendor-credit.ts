import type { KnownCredit } from '../../../money/vendor-credit/credit-store.ts';
import { daysLeft } from '../../../money/vendor-credit/days-left.ts';
import { ofProvince, type Finding, type Moment } from '../finding.ts';
import type { OrderFacts } from '../order-facts.ts';

/** What we have at the grid, and how fast it goes. */
export interface CreditFact {
  readonly known: KnownCredit;
  /** What payers paid on each of the seven days before today, fen, the oldest first. */
  readonly paidFen: readonly number[];
  /** Orders that were paid and not sold. */
  readonly unsold: readonly Pick<OrderFacts, 'sale'>[];
}

/** No purchase is smaller, fen: with less than this nothing is sold any more. */
const LEAST_FEN = 100;

/** Credit at the grid that ends soon, each step told anew; and such as has ended, at once. */
export function vendorCreditShort({ known, paidFen, unsold }: CreditFact, at: Moment): Finding[] {
  const waiting = unsold.flatMap(({ sale }) =>
    sale.status === 'none' && sale.noCreditAt !== undefined ? [sale.noCreditAt.getTime()] : [],
  );
  const { availableFen, asOf, batch, refusedAt } = known;
  const isSpent = availableFen !== null && (batch === 'closed' || availableFen < LEAST_FEN);
  if (waiting.length > 0 || isSpent || refusedAt !== null) {
    const told = [...waiting, ...[refusedAt, isSpent ? asOf : null].flatMap((each) => each?.getTime() ?? [])];
    const since = new Date(Math.min(at.now.getTime(), ...told));
    return [ofProvince({ rule: 'grid.credit-gone', subject: 'grid', since, count: waiting.length })];
  }
  if (availableFen === null) return [];
  const days = daysLeft(availableFen, { paidFen, now: at.now });
  if (days === null || days > at.limits['credit-notice-days']) return [];
  const level = days <= at.limits['credit-urgent-days'] ? 3 : 1;
  const facts = { days: Math.round(days * 10) / 10, yuan: Math.floor(availableFen / 100) };
  return [
    ofProvince({ rule: 'grid.credit-low', subject: 'grid', since: asOf ?? at.now, count: 1, level, facts }),
  ];
}
