import type { RegionData } from '@bianmin/shared/chip/region';
import { observeReturnData, type Books } from './books.ts';
import { digestOf, filesFor } from './card-files.ts';
import { soldEntry } from './plan.ts';

/** Keeps what the meter left on a card with the sale, before a plan blanks it. Repeating it changes nothing. */
export function keepReturnData(books: Books, orderNo: string, regions: readonly RegionData[]): void {
  const entry = soldEntry(books, orderNo);
  const household = books.household(entry.request.customerNo);
  const map = household && filesFor(household);
  if (household === undefined || map === undefined) return;
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
