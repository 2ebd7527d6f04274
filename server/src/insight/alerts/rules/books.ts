import { PROVINCE_PATH } from '../../../kernel/org-path.ts';
import { needsTwoPersons, type CaseKind } from '../../../orders/model/case-sink.ts';
import { chinaDay, dayPlus, daysBetween, startOfDay } from '../../../kernel/china-time.ts';
import { byPrefecture, isOlder, ofProvince, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';

export interface OpenCase {
  readonly _id: string;
  readonly kind: CaseKind;
  readonly orgPath?: readonly string[];
  readonly owner: { readonly id: string } | null;
  readonly openedAt: Date;
}

/** Of open cases: differences of a reconciliation at once; of the others those without an owner. */
export function casesWaiting(cases: readonly OpenCase[], at: Moment): Finding[] {
  const placed = ({ _id, orgPath = PROVINCE_PATH, openedAt: since }: OpenCase) => ({
    ...{ orgPath, since, facts: { caseId: _id } },
  });
  const differences = cases.filter(({ kind }) => needsTwoPersons(kind));
  const waiting = cases.filter(
    ({ kind, owner, openedAt }) =>
      !needsTwoPersons(kind) &&
      owner === null &&
      isOlder(openedAt, msOf(at.limits, 'case-waiting-hours'), at),
  );
  return [
    ...byPrefecture('reconcile.difference', differences.map(placed)),
    ...byPrefecture('case.waiting', waiting.map(placed)),
  ];
}

export interface DayFact {
  readonly _id: string;
  readonly state: string;
  readonly why?: string;
}

/** Days that the worker tries again by itself. */
export const DAYS_BACK = 7;
const HOUR_MS = 3_600_000;

/** Days that should be reconciled by now and are not: a bill that could not be fetched, or one that does not hold. */
export function daysLate(known: readonly DayFact[], at: Moment): Finding[] {
  const yesterday = dayPlus(chinaDay(at.now), -1);
  const days = new Map(known.map((day) => [day._id, day]));
  // A server that began yesterday has nothing to say of last week.
  const first = daysBetween(dayPlus(yesterday, 1 - DAYS_BACK), yesterday).find((day) => days.has(day));
  if (first === undefined) return [];
  return daysBetween(first, yesterday).flatMap((day): Finding[] => {
    const { state = 'never', why = '' } = days.get(day) ?? {};
    const due = new Date(startOfDay(dayPlus(day, 1)).getTime() + at.limits['day-due-hour'] * HOUR_MS);
    if (state === 'done' || at.now < due) return [];
    return [
      ofProvince({ rule: 'reconcile.day-late', subject: day, since: due, count: 1, facts: { state, why } }),
    ];
  });
}

export interface ProjectorFact {
  readonly name: string;
  /** How far it has come. */
  readonly mark: Date;
  /** The oldest change that it has not taken in, where there is one. */
  readonly waitsFor: Date | undefined;
}

/** Ledgers that do not follow the orders. */
export function booksBehind(projectors: readonly ProjectorFact[], at: Moment): Finding[] {
  return projectors.flatMap(({ name, waitsFor }) =>
    waitsFor !== undefined && isOlder(waitsFor, msOf(at.limits, 'books-behind-minutes'), at)
      ? [ofProvince({ rule: 'books.behind', subject: name, since: waitsFor, count: 1 })]
      : [],
  );
}
