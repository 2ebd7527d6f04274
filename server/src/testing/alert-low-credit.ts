import { PROVINCE } from '@bianmin/purchase/api/org';
import { RollupStore } from '../insight/report/rollup-store.ts';
import { chinaDay, daysBetween, dayPlus } from '../kernel/china-time.ts';
import { PROVINCE_PATH } from '../kernel/org-path.ts';
import { RedisVendorCredit } from '../money/vendor-credit/redis-credit.ts';
import type { TestContext } from './context.ts';

/** Two days' sales are left at the grid; gives what is said of it. */
export async function lowCredit(t: Pick<TestContext, 'db' | 'redis'>, now: Date): Promise<string> {
  const rollups = new RollupStore(t.db);
  await rollups.prepare();
  const none = {
    entry: new Map(),
    chip: new Map(),
    channel: new Map(),
    terminal: new Map(),
    hour: new Map(),
  };
  const today = chinaDay(now);
  const { current } = await rollups.state();
  await rollups.insert(
    current,
    daysBetween(dayPlus(today, -7), dayPlus(today, -1)).map((period) => ({
      ...{ grain: 'day', period, org: PROVINCE, path: PROVINCE_PATH },
      all: { orders: 1, paid: 1, paidFen: 10_000 },
      split: none,
    })),
  );
  const credit = new RedisVendorCredit(t.redis, 'collection-v1');
  await credit.tell({ availableFen: 20_000, asOf: now.toISOString(), batch: 'open' });
  return '剩 200 元，按上周的售电约够 2 天';
}
