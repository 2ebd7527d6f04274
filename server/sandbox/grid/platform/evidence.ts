import type { RegionData } from '@bianmin/card/chip/region';
import { observeReturnData, type Books } from './books.ts';
import { METER_FILES } from '@bianmin/card/testing/meter-files';
import { digestOf } from './card-files.ts';
import { cardFor } from './household.ts';
import { soldEntry } from './plan.ts';

/** Keeps what the meter left on a card with the sale, before a plan blanks it. Repeating it changes nothing. */
export function keepReturnData(books: Books, orderNo: string, regions: readonly RegionData[]): void {
  const entry = soldEntry(books, orderNo);
  const household = books.household(entry.request.customerNo);
  const card = household && cardFor(household);
  if (household === undefined || card === undefined) return;
  const map = METER_FILES[card];
  for (const region of regions) {
    if (region.zone !== map.returnData.zone) continue;
    const from = map.returnData.offset - region.offset;
    const bytes = region.data.subarray(Math.max(0, from), from + map.returnData.length);
    if (from < 0 || bytes.length !== map.returnData.length) continue;
    const digest = digestOf(bytes);
    if (!entry.evidence.includes(digest)) entry.evidence.push(digest);
    observeReturnData(books, household, bytes);
  }
}
