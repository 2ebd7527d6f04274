import type { CreditChoice, OrderView } from '../api/order.ts';
import type { Household } from './view/household.ts';

/** An order whose credit failed for good and whose payer has not said what becomes of it. */
export interface Undecided {
  /** Of the order's own card, where that is in. */
  readonly slot: string | null;
  readonly card: { readonly serial: string; readonly household: Household } | null;
  readonly order: OrderView;
  /** What may be chosen here. */
  readonly offers: readonly CreditChoice[];
}
