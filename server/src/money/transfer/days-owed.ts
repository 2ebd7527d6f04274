import { dayPlus, daysBetween } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { comparedSums } from '../reconcile/compared-sums.ts';
import type { DayStore, ReconciledDay } from '../reconcile/day-store.ts';

/** A day with all that was found of it is large, so that of many days no more are in memory. */
const READ_AT_ONCE = 93;

/** A day beside what it came to when it was compared last, fen; null: it was not, or must be again. */
export interface DayOwed {
  readonly day: string;
  readonly state: ReconciledDay['state'] | 'none';
  readonly stale: boolean;
  readonly owedFen: number | null;
}

interface Span {
  readonly from: string;
  readonly to: string;
  readonly grid: string;
}

/** What each of these days owes the grid by its comparison, in their order: no posting is read. */
export async function* eachDayOwed(
  days: Pick<DayStore, 'list'>,
  { from, to, grid }: Span,
): AsyncGenerator<DayOwed> {
  for (let first = from; first <= to; first = dayPlus(first, READ_AT_ONCE)) {
    const most = dayPlus(first, READ_AT_ONCE - 1);
    const last = most < to ? most : to;
    const known = new Map((await days.list(first, last)).map((day) => [day._id, day]));
    yield* daysBetween(first, last).map((day) => dayOwed(day, known.get(day), grid));
  }
}

function dayOwed(day: string, known: ReconciledDay | undefined, grid: string): DayOwed {
  if (known === undefined) return { day, state: 'none', stale: false, owedFen: null };
  const { state, stale } = known;
  return { day, state, stale, owedFen: stale ? null : (comparedSums(known, grid)?.owedFen ?? null) };
}

/** What they come to together; the first of them that nothing is known of, where there is one. */
export async function sumOwed(
  days: Pick<DayStore, 'list'>,
  span: Span,
): Promise<{ readonly owedFen: number } | { readonly open: string }> {
  let owedFen = 0;
  for await (const day of eachDayOwed(days, span)) {
    if (day.owedFen === null) return { open: day.day };
    owedFen += day.owedFen;
  }
  return { owedFen };
}

/** The same; throws `transfer.days-open` for a day that nothing is known of. */
export async function owedOf(days: Pick<DayStore, 'list'>, span: Span): Promise<number> {
  const sum = await sumOwed(days, span);
  if ('open' in sum) throw daysOpen(sum.open);
  return sum.owedFen;
}

export function daysOpen(day: string): ProblemError {
  return new ProblemError({
    code: 'transfer.days-open',
    message: `What ${day} comes to is not known yet. Compare the day first.`,
  });
}
