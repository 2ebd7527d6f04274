import type { GridHarness } from '../grid-harness.ts';
import { readBill } from '../text-bill.ts';

/** The bill of this day (`YYYY-MM-DD`), read to its end. */
export async function billOfDay(harness: GridHarness, day: string): ReturnType<typeof readBill> {
  return readBill(await harness.gateway.dailyBill(day));
}

/** What became of this order on this day, in the order of the bill's lines: `sold`, `reversed`, `credited`. */
export async function statusOnDay(
  harness: GridHarness,
  day: string,
  orderNo: string,
): Promise<(string | undefined)[]> {
  const { lines } = await billOfDay(harness, day);
  return lines.filter(([no]) => no === orderNo).map((line) => line[10]);
}
