import { chinaClock } from '../../../kernel/china-time.ts';
import type { KnownCredit } from '../../../money/vendor-credit/credit-store.ts';
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

const DAY_S = 86_400;
/** Further than this nobody plans by last week. */
const HORIZON_DAYS = 60;
/** No purchase is smaller, fen: with less than this nothing is sold any more. */
const LEAST_FEN = 100;

/**
 * How many days it lasts where each day sells what the same day of the week did; null where nothing was sold in a week, or
 * beyond what can be told. Pure.
 */
export function daysLeft(
  availableFen: number,
  { paidFen, now }: { readonly paidFen: readonly number[]; readonly now: Date },
): number | null {
  if (paidFen.length === 0 || paidFen.every((fen) => fen === 0)) return null;
  let left = availableFen;
  // Of today only what is still to come of it.
  let share = 1 - secondsOfDay(now) / DAY_S;
  let days = 0;
  for (let day = 0; day < HORIZON_DAYS; day += 1) {
    const fen = (paidFen[day % paidFen.length] ?? 0) * share;
    if (fen > 0 && fen >= left) return days + (left / fen) * share;
    left -= fen;
    days += share;
    share = 1;
  }
  return null;
}

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

function secondsOfDay(now: Date): number {
  const [hours, minutes, seconds] = chinaClock(now).slice(11).split(':').map(Number);
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}
