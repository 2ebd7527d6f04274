import type { MeterExchange } from '../../../src/gateways/grid/customers.ts';
import { decodeParameters, decodeReturnData } from '@bianmin/card/testing/meter-layout';
import type { BookEntry } from './book-entry.ts';
import type { Books } from './books.ts';
import type { CardFiles } from './card-files.ts';
import { previousInserted, type Household } from './household.ts';

/** Whether a card was made for the meter that was taken down. */
export function isOfFormerMeter(
  { exchange }: Household,
  { parameters }: Pick<CardFiles, 'parameters'>,
): boolean {
  return exchange !== undefined && decodeParameters(parameters)?.meterNo === exchange.meterNo;
}

/** What that meter wrote back before: it may be heard of only now. */
export function observeFormer(
  books: Pick<Books, 'sales' | 'days'>,
  household: Household,
  bytes: Uint8Array,
): void {
  const { exchange } = household;
  const data = decodeReturnData(bytes);
  if (exchange === undefined || data?.meterNo !== exchange.meterNo || data.count > exchange.soldCount) return;
  exchange.creditedCount = Math.max(data.count, exchange.creditedCount ?? 0);
}

/** The newest sale of the meter that was taken down, where neither is it undone, nor proven credited, nor moved. */
export function openOfFormer(sales: Books['sales'], { exchange }: Household): BookEntry | undefined {
  if (exchange === undefined || (exchange.creditedCount ?? 0) >= exchange.soldCount) return undefined;
  const newest = sales.newestOf(exchange.meterNo);
  const isOpen = newest?.status === 'sold' && newest.sale?.count === exchange.soldCount;
  return isOpen && newest.movedToMeter === undefined ? newest : undefined;
}

/** The sale that the counter moved to the present meter, where its card was not in it yet. */
export function movedOf(sales: Books['sales'], household: Household): BookEntry | undefined {
  if (household.exchange === undefined || previousInserted(household)) return undefined;
  const newest = sales.newestOf(household.exchange.meterNo);
  const { meterNo, count } = newest?.movedToMeter ?? {};
  return meterNo === household.meterNo && count === household.soldCount ? newest : undefined;
}

/** What the grid tells of it. */
export function exchangeOf({ sales }: Pick<Books, 'sales'>, household: Household): MeterExchange | undefined {
  const { exchange } = household;
  if (exchange === undefined) return undefined;
  const openOrderNo = openOfFormer(sales, household)?.orderNo ?? null;
  return { formerMeterNo: exchange.meterNo, at: exchange.at, openOrderNo };
}
