import type { MonthObstacle } from '@bianmin/purchase/api/months';
import { chinaDay, daysBetween, daysOfMonth } from '../../kernel/china-time.ts';
import { DIFFERENCE_KINDS, type CaseKind } from '../../orders/model/case-sink.ts';
import type { Case } from '../../cases/case.ts';
import { monthOf } from '../ledger/closed-months.ts';
import type { ReconciledDay } from '../reconcile/day-store.ts';

/** Cases that are about money: as long as one is open, its month may yet come to something else. */
const OF_MONEY: ReadonlySet<CaseKind> = new Set<CaseKind>([
  ...DIFFERENCE_KINDS,
  'ACCOUNT_DIFF',
  'DEPOSIT_DIFF',
  'TRANSFER_DIFF',
  'ledger-unsound',
  'late-posting',
  'late-sale',
  'sale-mismatch',
  'credit-mismatch',
  'reversal-refused',
  'payment-mismatch',
  'refund-abnormal',
  'cash-owed',
]);

/** What decides whether a month can be closed. */
export interface MonthFacts {
  /** YYYY-MM. */
  readonly month: string;
  readonly today: string;
  /** The first day that was ever compared or booked; absent: none was. */
  readonly firstDay?: string | undefined;
  /** Of its days those that were ever run. */
  readonly days: readonly Pick<ReconciledDay, '_id' | 'state' | 'stale'>[];
  /** Every open case. */
  readonly cases: readonly Pick<Case, '_id' | 'kind' | 'facts' | 'openedAt'>[];
  /** The month before has something in the books or was compared, and is not closed. */
  readonly beforeIsOpen: boolean;
}

/** What is in the way of closing a month; nothing: it is compared. Pure. */
export function inTheWay(facts: MonthFacts): MonthObstacle[] {
  const { month, today, firstDay, days } = facts;
  const { first, last } = daysOfMonth(month);
  const found: MonthObstacle[] = [];
  const add = (what: MonthObstacle['what'], init: Partial<MonthObstacle> = {}): void => {
    found.push({ what, days: [], caseIds: [], ...init });
  };
  if (facts.beforeIsOpen) add('month-before-open');
  if (last >= today) add('not-over');
  const known = new Map(days.map((day) => [day._id, day]));
  // Before the first day of all there is nothing to compare.
  const due = daysBetween(first, last).filter((day) => day < today && day >= (firstDay ?? today));
  const undone = due.filter((day) => known.get(day)?.state !== 'done');
  if (undone.length > 0) add('days-not-compared', { days: undone });
  const stale = due.filter((day) => known.get(day)?.state === 'done' && known.get(day)?.stale === true);
  if (stale.length > 0) add('days-stale', { days: stale });
  const own = facts.cases.filter((each) => OF_MONEY.has(each.kind) && monthOfCase(each) <= month);
  const unsound = own.filter(({ kind }) => kind === 'ledger-unsound');
  if (unsound.length > 0) add('ledger-unsound', { caseIds: unsound.map(({ _id }) => _id) });
  const others = own.filter(({ kind }) => kind !== 'ledger-unsound');
  if (others.length > 0) add('cases-open', { caseIds: others.map(({ _id }) => _id) });
  return found;
}

/**
 * The month whose money an open case is about: that of the day which it names, else of the day on which it was found. What came too
 * late for a closed month is of the one in which it was found: there it is put right.
 */
export function monthOfCase({ kind, facts, openedAt }: MonthFacts['cases'][number]): string {
  const day = kind === 'late-posting' ? undefined : facts.day;
  return monthOf(typeof day === 'string' && day !== '' ? day : chinaDay(openedAt));
}

/** English for the caller who asks in spite of it. */
const SENTENCES: Readonly<Record<MonthObstacle['what'], (of: MonthObstacle) => string>> = {
  'month-before-open': () => 'The month before is not closed.',
  'not-over': () => 'The month is not over.',
  'days-not-compared': ({ days }) => `Days were not compared: ${days.join(', ')}.`,
  'days-stale': ({ days }) => `Days must be compared again: ${days.join(', ')}.`,
  'ledger-unsound': ({ caseIds }) => `The ledger does not fit ${caseIds.length} orders or entries.`,
  'cases-open': ({ caseIds }) => `Cases about its money are open: ${caseIds.length}.`,
};

export function sentenceOf(obstacle: MonthObstacle): string {
  return SENTENCES[obstacle.what](obstacle);
}
