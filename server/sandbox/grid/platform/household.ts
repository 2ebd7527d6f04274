import type { ChipName } from '@bianmin/card/chip/contract';
import { METER_CARDS, type MeterCard } from '@bianmin/card/testing/meter-files';
import type { CardType } from '@bianmin/card/testing/meter-layout';
import type { Tariff } from '../tariff/tariff.ts';
import type { Account, MonthBill } from './account-record.ts';

/** A meter that was taken down, as the grid's books have it. */
interface FormerMeter {
  readonly meterNo: string;
  /** ISO 8601. */
  readonly at: string;
  /** The last purchase count sold for it, and the last that is proven credited. */
  readonly soldCount: number;
  creditedCount: number | null;
}

/** What the grid's books say of one customer. Everyone in them is invented. */
export interface Household {
  /** 12 digits, as on the card. */
  readonly customerNo: string;
  name: string;
  address: string;
  /** How often the account came to another holder (过户); absent: never. */
  transfers?: number;
  /** 12 digits. */
  meterNo: string;
  /** The meter before this one, and how far it had come (换表); absent: it is the first. */
  exchange?: FormerMeter;
  readonly chip: ChipName;
  /** Of another maker than the chip's first; absent: its. */
  readonly card?: MeterCard;
  /** The one card that is valid now, 16 hex digits; a replaced card has another. */
  serial: string;
  /** Cards that were lost or broken; another took their place. */
  formerSerials: readonly string[];
  /** The type that the valid card bears, as far as the grid wrote it. */
  cardType: CardType;
  closed: boolean;
  /** Taken first from the next purchase. */
  arrearsFen: number;
  /** Kept of every purchase; absent: nothing. */
  readonly feeFen?: number;
  readonly tariff: Tariff;
  /** Taken off every price, thousandths. */
  readonly discountPerMille: number;
  /** Whether the meter has a module that can be reached from afar. */
  readonly remote: boolean;
  /** Whether the grid reads the meter's balance by that module before it sells. */
  readonly read: boolean;
  /** Set: its balance is kept here, and its card is void. */
  account?: Account;
  /** Months that were used first. */
  bills?: MonthBill[];
  readonly minFen: number;
  readonly maxFen: number;
  /** The last purchase count sold. */
  soldCount: number;
  /** The newest count that was cancelled when it was on a card: a copy of that card may have brought it all the same. */
  cancelledCount?: number;
  /** What was bought elsewhere and is not in this book, while it is the last one sold. */
  readonly counterSale?: { readonly count: number; readonly creditFen: number };
  /** The last count that return data or a reading of the meter proved; null: none ever. */
  creditedCount: number | null;
  /** As last seen in return data. */
  balanceFen: number | null;
  balanceAt: string | null;
}

/** What its meter takes. */
export function cardFor({ chip, card }: Pick<Household, 'chip' | 'card'>): MeterCard | undefined {
  return card ?? METER_CARDS.find((each) => each === chip);
}

/** Whether every sale so far is proven credited: only then may another be sold. */
export function previousInserted(household: Household): boolean {
  return (household.creditedCount ?? 0) >= household.soldCount;
}

/** What the grid keeps of a purchase, fen. */
export function feeOf({ feeFen = 0 }: Pick<Household, 'feeFen'>): number {
  return feeFen;
}

/** What a meter has room for, as far as the grid can know. */
export interface MeterRoom {
  /** 囤积限额; null: none. */
  readonly ceilingFen: number | null;
  /** Read from the meter just now; null: it cannot be read. */
  readonly balanceFen: number | null;
}

/**
 * The most purchase fits under the meter's ceiling, where that is known by a reading. Return data only tells the most that
 * the meter had since: a meter that was not read may be empty. Arrears and fee do not reach the meter.
 */
export function maximumFen(household: Household, { ceilingFen, balanceFen }: MeterRoom): number {
  if (ceilingFen === null) return household.maxFen;
  const creditFen = ceilingFen - Math.min(ceilingFen, balanceFen ?? 0);
  return Math.min(household.maxFen, creditFen + household.arrearsFen + feeOf(household));
}

/** The least purchase leaves at least one yuan for the meter. */
export function minimumFen(household: Household): number {
  return Math.max(household.minFen, household.arrearsFen + feeOf(household) + 100);
}
