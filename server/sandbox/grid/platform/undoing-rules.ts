import type { GridSale } from '../../../src/gateways/grid/contract.ts';
import type { BookEntry } from './book-entry.ts';
import type { Moment } from './day-book.ts';
import type { Household } from './household.ts';

/** Why a sale of which no plan should have left is not undone. */
export function againstReversal(entry: BookEntry, sale: GridSale, household: Household): string | undefined {
  const moved = againstAny(sale, household);
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
  const moved = againstAny(sale, household);
  if (moved !== undefined) return moved;
  if (entry.cancelReleased !== true) return 'not-cancelled';
  return entry.soldAt?.day === at.day ? undefined : 'day-cut';
}

function againstAny(sale: GridSale, household: Household): string | undefined {
  if (household.soldCount !== sale.count) return 'later-sale';
  return (household.creditedCount ?? 0) >= sale.count ? 'credited' : undefined;
}
