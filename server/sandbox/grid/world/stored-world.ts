import { NEW_CONSUMPTION } from '../meter/consumption.ts';
import type { MeterState } from '../meter/meter-state.ts';
import type { CardTaskEntry } from '../platform/card-tasks.ts';
import type { DayCut } from '../platform/day-book.ts';
import type { DepositState } from '../platform/deposit.ts';
import type { Household } from '../platform/household.ts';
import type { Replacement } from '../platform/replacement-record.ts';
import type { BookEntry } from '../platform/book-entry.ts';
import { TARIFFS } from '../tariff/tariffs.ts';
import type { StoredCard } from './drawer.ts';
import type { StockCard } from './stock.ts';

/** Everything that outlives a restart. JSON; holds card secrets, so its file is readable by its owner only. */
export interface StoredWorld {
  readonly version: 1;
  readonly households: readonly Household[];
  readonly meters: readonly MeterState[];
  readonly sales: readonly BookEntry[];
  readonly cards: readonly StoredCard[];
  readonly replacements: readonly Replacement[];
  readonly stock: readonly StockCard[];
  readonly cuts: readonly DayCut[];
  readonly cardTasks: readonly CardTaskEntry[];
  readonly deposit: DepositState;
  /** ms by which the world's clock was turned. */
  readonly turnedMs: number;
}

/** A state file of before there was all this. */
export type StoredBefore = Omit<StoredWorld, keyof Added> & Partial<Added>;
type Added = Pick<StoredWorld, 'replacements' | 'stock' | 'cuts' | 'cardTasks' | 'deposit' | 'turnedMs'>;

/** A household as a state file has it; what an older one lacks is filled in. */
export function householdOf(stored: Household): Household {
  return { ...{ tariff: TARIFFS.flat, discountPerMille: 0, remote: true, read: false }, ...stored };
}

/** A meter, likewise. */
export function meterOf(stored: MeterState): MeterState {
  return { ...{ ...NEW_CONSUMPTION, tariff: TARIFFS.flat, remoteFen: 0 }, ...stored };
}
