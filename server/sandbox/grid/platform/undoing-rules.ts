import type { GridSale } from '../../../src/gateways/grid/contract.ts';
import type { BookEntry } from './book-entry.ts';
import type { Moment } from './day-book.ts';
import type { Household } from './household.ts';

/** Why a sale of which no plan should have left is not undone. */
export function againstReversal(entry: BookEntry, sale: GridSale, household: Household): string | undefined {
  const moved = againstAny(entry, sale, household);
  if (moved !== undefined) return moved;
  if (entry.planReleased) return 'plan-released';
  if (entry.credit?.status === 'credited') return 'credited';
  return entry.credit?.status === 'pending' ? 'credit-under-way' : undefined;
}

/** Why a sale that is said to be off its card is not undone. */
export function againstCancel(
  entry: BookEntry,
  { sale, household, at }: { sale: GridSale; household: Household; at: Moment },
): string | undefined {
  const moved = againstAny(entry, sale, household);
  if (moved !== undefined) return moved;
  if (entry.cancelReleased !== true) return 'not-cancelled';
  return entry.soldAt?.day === at.day ? undefined : 'day-cut';
}

/** Whether a sale was for the meter that the household has now: its counts are that one's. */
export function isOfPresentMeter({ request }: BookEntry, { meterNo }: Household): boolean {
  return request?.meterNo === meterNo;
}

function againstAny(entry: BookEntry, sale: GridSale, household: Household): string | undefined {
  if (entry.movedToMeter !== undefined) return 'meter-changed';
  const { exchange } = household;
  const counts = entry.request?.meterNo === exchange?.meterNo ? (exchange ?? household) : household;
  if (counts.soldCount !== sale.count) return 'later-sale';
  return (counts.creditedCount ?? 0) >= sale.count ? 'credited' : undefined;
}
