import { daysBetween } from '../../kernel/china-time.ts';
import { comparedSums } from '../reconcile/compared-sums.ts';
import type { DayStore, ReconciledDay } from '../reconcile/day-store.ts';

/** A day beside what it came to when it was compared last, fen; null: it was not, or must be again. */
export interface DayOwed {
  readonly day: string;
  readonly state: ReconciledDay['state'] | 'none';
  readonly stale: boolean;
  readonly owedFen: number | null;
}

/** What each of these days owes the grid by its comparison: no posting is read. */
export async function daysOwed(
  days: Pick<DayStore, 'list'>,
  { from, to, grid }: { readonly from: string; readonly to: string; readonly grid: string },
): Promise<DayOwed[]> {
  const known = new Map((await days.list(from, to)).map((day) => [day._id, day]));
  return daysBetween(from, to).map((day) => {
    const of = known.get(day);
    if (of === undefined) return { day, state: 'none', stale: false, owedFen: null };
    const { state, stale } = of;
    return { day, state, stale, owedFen: stale ? null : (comparedSums(of, grid)?.owedFen ?? null) };
  });
}

/** What they come to together; the first of them that nothing is known of, where there is one. */
export function sumOwed(days: readonly DayOwed[]): { readonly owedFen: number } | { readonly open: string } {
  let owedFen = 0;
  for (const day of days) {
    if (day.owedFen === null) return { open: day.day };
    owedFen += day.owedFen;
  }
  return { owedFen };
}
