import type { OrderView } from '../api/order.ts';
import type { Household } from './view/household.ts';

/** A paid order and the card that it belongs to: what must not be lost when the card comes out. */
export interface Ticket {
  readonly order: OrderView;
  readonly serial: string;
  readonly household: Household;
  /** Paid before this card was put in. */
  readonly resumed: boolean;
  /** Attempts at writing that ended without an outcome. */
  readonly tries: number;
}
