import { PROVINCE } from '@bianmin/purchase/api/org';
import { chinaDay, daysBetween, dayPlus } from '../../kernel/china-time.ts';
import type { RollupStore } from './rollup-store.ts';

/** What payers paid in the province on each of the seven days before today, fen, the oldest first. */
export async function paidOfLastWeek(
  rollups: Pick<RollupStore, 'state' | 'read'>,
  now: Date,
): Promise<number[]> {
  const [from, to] = [dayPlus(chinaDay(now), -7), dayPlus(chinaDay(now), -1)];
  const { current } = await rollups.state();
  const found = await rollups.read(current, { grain: 'day', from, to, of: { org: PROVINCE } });
  const paid = new Map(found.map(({ period, all }) => [period, all.paidFen ?? 0]));
  return daysBetween(from, to).map((day) => paid.get(day) ?? 0);
}
