import type { MeterState } from '../meter/meter-state.ts';
import { observeMeter, type Books } from './books.ts';
import { credit } from './account-payments.ts';
import { movedOf } from './former-meter.ts';
import { previousInserted, type Household } from './household.ts';

/** What becomes of a sale that never came to the meter: its money moves to the account, or it is undone. */
export const OPEN_SALES = ['moved', 'reversed'] as const;
type OpenSaleEnds = (typeof OPEN_SALES)[number];

/**
 * 转远程费控: a household's balance moves from its meter to an account at the grid, its card is void, and the grid switches the
 * meter from now on. The meter is read while it is done. A sale whose plan went out is on a card, for all anybody knows: it is
 * moved, and never undone.
 */
export function convert(books: Books, household: Household, meter: MeterState, open: OpenSaleEnds): void {
  observeMeter(books, household, meter);
  const entry = books.sales.openSale(household) ?? movedOf(books.sales, household);
  if (entry !== undefined && open === 'reversed' && entry.credit?.status !== 'pending') {
    books.sales.reverse(entry.orderNo, books.days.moment());
  }
  const elsewhereFen =
    entry === undefined && !previousInserted(household) ? household.counterSale : undefined;
  household.account = { balanceFen: meter.balanceFen, creditedFen: 0 };
  meter.balanceFen = 0;
  meter.atGrid = true;
  if (entry?.status === 'sold' && entry.sale !== undefined) {
    credit(books, household, entry.sale.creditFen);
    entry.intoAccount = { ...books.days.moment(), balanceFen: household.account.balanceFen };
    entry.creditedAt = books.days.moment();
  }
  credit(books, household, elsewhereFen?.creditFen ?? 0);
  household.creditedCount = household.soldCount;
}
