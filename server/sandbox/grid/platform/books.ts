import { decodeReturnData, type ReturnData } from '@bianmin/card/testing/meter-layout';
import type { BillLie } from '../../bill-lies.ts';
import type { Supply } from '../../../src/gateways/grid/accounts.ts';
import type { CardTaskBook } from './card-tasks.ts';
import type { CardSecurity } from './encryptor.ts';
import type { InsertResult } from '../meter/meter-state.ts';
import type { MeterCard } from '@bianmin/card/testing/meter-files';
import type { DayBook } from './day-book.ts';
import type { Deposit } from './deposit.ts';
import type { Household, MeterRoom } from './household.ts';
import type { Replacement } from './replacement-record.ts';
import type { SalesBook } from './sales-book.ts';

/** What became of a frame on its way to a meter. */
export type Delivery =
  | { readonly status: 'answered'; readonly result: InsertResult }
  /** It never left: nothing happened. */
  | { readonly status: 'undelivered' }
  /** It left, and nothing came back, or is still on its way. */
  | { readonly status: 'silent' }
  /** The meter can never be reached. */
  | { readonly status: 'unreachable' };

/** Everything that the grid's operations work on. */
export interface Books {
  readonly sales: SalesBook;
  readonly security: CardSecurity;
  readonly days: DayBook;
  readonly cardTasks: CardTaskBook;
  readonly deposit: Deposit;
  /** What the daily bill says otherwise than the books; about sales. */
  billLies(): readonly BillLie[];
  /** By request number. */
  readonly replacements: ReadonlyMap<string, Replacement>;
  /** The way to meters from afar. */
  readonly concentrator: {
    reaches(meterNo: string): boolean;
    /** What the meter says of itself, if it is asked now and its answer arrives. */
    read(meterNo: string): { readonly count: number; readonly balanceFen: number } | undefined;
    send(meterNo: string, frame: string): Delivery;
  };
  /** Wall clock of the world, ms. */
  now(): number;
  household(customerNo: string): Household | undefined;
  /** Whose card bears this serial, and whether it is still the valid one. */
  cardOwner(serial: string): { readonly household: Household; readonly replaced: boolean } | undefined;
  /** The meter's own count, where the grid can read it from afar; undefined otherwise. */
  readMeter(meterNo: string): { readonly count: number; readonly balanceFen: number } | undefined;
  /** Whether electricity flows to an account's meter; null where the grid does not hear of it now. */
  supplyOf(meterNo: string): Supply | null;
  /** Switches an account's meter off below zero, and on again, as far as it can be reached. */
  switchByAccount(household: Household): void;
  /** 囤积限额, which the grid set when the meter was put up; 0: none. */
  ceilingOf(meterNo: string): number;
  /** What the household used in its settlement period, Wh. */
  usedWh(meterNo: string): number;
  /** The kind of a card that the issuer made and no household has yet. */
  stock(serial: string): MeterCard | undefined;
  /** Books a replacement: from here on the new card is the household's and the former one is void. */
  replace(household: Household, replacement: Replacement): void;
  /** Texts a one-time code to the customer's phone on record. */
  text(requestNo: string, to: { readonly customerNo: string; readonly code: string }): void;
  /** Random bytes from the encryptor. */
  random(length: number): Uint8Array;
}

/**
 * Takes note of what a meter left on a card, if it is whole and of this household's meter. A count only ever
 * moves up: an old copy of a card proves nothing new.
 */
export function observeReturnData(
  books: Pick<Books, 'sales' | 'days'>,
  household: Household,
  bytes: Uint8Array,
): ReturnData | undefined {
  const data = decodeReturnData(bytes);
  if (data?.meterNo !== household.meterNo || data.customerNo !== household.customerNo) return undefined;
  if (data.count > Math.max(household.soldCount, household.cancelledCount ?? 0)) return undefined;
  if (data.count >= (household.creditedCount ?? -1)) {
    const isNew = data.count !== household.creditedCount;
    household.creditedCount = data.count;
    books.sales.noteCredited(household, books.days.moment());
    const at = meterTime(data.writtenAt);
    if (household.balanceAt === null || at >= household.balanceAt || isNew) {
      household.balanceFen = data.remainingFen - data.overdraftFen;
      household.balanceAt = at;
    }
  }
  return data;
}

/** A reading from afar proves as much as return data does, and is of now. */
export function observeMeter(
  books: Pick<Books, 'sales' | 'days'>,
  household: Household,
  reading: { count: number; balanceFen: number },
): void {
  if (reading.count > household.soldCount) return;
  household.creditedCount = Math.max(reading.count, household.creditedCount ?? 0);
  const moment = books.days.moment();
  household.balanceFen = reading.balanceFen;
  household.balanceAt = moment.at;
  books.sales.noteCredited(household, moment);
}

/** An account takes any amount that is sold at all. */
export const NO_CEILING: MeterRoom = { ceilingFen: null, balanceFen: null };

/** What a meter has room for: its ceiling, and what it holds where it was read just now. */
export function roomOf(
  books: Pick<Books, 'ceilingOf'>,
  meterNo: string,
  reading: ReturnType<Books['readMeter']>,
): MeterRoom {
  const ceilingFen = books.ceilingOf(meterNo);
  return {
    ceilingFen: ceilingFen === 0 ? null : ceilingFen,
    balanceFen: reading?.balanceFen ?? null,
  };
}

/** Meters keep Beijing time, everywhere. YYMMDDhhmm to ISO 8601. */
export function meterTime(digits: string): string {
  const [year, month, day, hour, minute] = digits.match(/\d\d/g) ?? [];
  return `20${year}-${month}-${day}T${hour}:${minute}:00+08:00`;
}
