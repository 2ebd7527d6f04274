import { MOST_TRANSFER_DAYS, type GridTransfersView } from '@bianmin/purchase/api/transfer';
import { dayPlus } from '../../kernel/china-time.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { eachDayOwed, type DayOwed } from './days-owed.ts';

const MOST_LISTED = 93;

/**
 * Days from `next` to `last` that owe something or were not compared, the oldest 93: those that owe nothing are no lines of a list, and
 * there may be years of them. And the last day that can be paid now, which may be one of those; null: none can.
 */
export async function unpaidDays(
  days: Pick<DayStore, 'list'>,
  { grid, next, last }: { readonly grid: string; readonly next: string; readonly last: string },
): Promise<Pick<GridTransfersView, 'unpaid' | 'payableTo'>> {
  const most = dayPlus(next, MOST_TRANSFER_DAYS - 1);
  const unpaid: DayOwed[] = [];
  let payableTo: string | null = null;
  let open = false;
  for await (const day of eachDayOwed(days, { from: next, to: most < last ? most : last, grid })) {
    if (day.owedFen !== 0 && unpaid.length === MOST_LISTED) break;
    if (day.owedFen !== 0) unpaid.push(day);
    open ||= day.owedFen === null;
    if (!open) payableTo = day.day;
  }
  return { unpaid, payableTo };
}
