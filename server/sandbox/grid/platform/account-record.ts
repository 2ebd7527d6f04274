import type { DueBill } from '../../../src/gateways/grid/accounts.ts';

/** A balance that is kept at the grid, not in a meter (远程费控). */
export interface Account {
  balanceFen: number;
  /** All that was ever paid in or moved here: what an audit adds up. */
  creditedFen: number;
}

/** A month that was used first and is paid afterwards. */
export interface MonthBill extends Omit<DueBill, 'dueFen'> {
  readonly totalFen: number;
  paidFen: number;
}
