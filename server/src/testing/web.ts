import type { Clock } from '@bianmin/card/clock';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { Config } from '../config/config.ts';
import type { Deps } from '../config/deps.ts';
import type { GridGateway } from '../gateways/grid/contract.ts';
import { createMetrics, type Metrics } from '../adapters/metrics/metrics.ts';
import { startWeb, type RunningWeb } from '../web.ts';
import { testConfig } from './config.ts';
import { openTestContext, type TestContext } from './context.ts';
import { watchedLog } from './watched-log.ts';

export const ADMIN_PASSWORD = 'a password of the tests';
export const ENROL_CODE = 'CODE-OF-THE-TESTS';

export interface TestWeb {
  readonly t: TestContext;
  readonly config: Config;
  readonly web: RunningWeb;
  /** What it counts. */
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** The real web process on its own database and Redis; behind it neither a grid nor a channel. */
export async function openTestWeb(
  override: Partial<Config> = {},
  clock: Clock = systemClock,
  more: Pick<Deps, 'marks'> = {},
): Promise<TestWeb> {
  const t = await openTestContext();
  const config = testConfig({
    MONGODB_URI: t.mongodbUri,
    REDIS_URL: t.redisUrl,
    PORT: 0,
    METRICS_PORT: 0,
    ADMIN_PASSWORD,
    ENROL_CODE,
    ...override,
  });
  const metrics = createMetrics({ defaults: false });
  const web = await startWeb(config, {
    deps: {
      config,
      clock,
      log: watchedLog(),
      db: t.db,
      redis: t.redis,
      ...more,
      grid: { grid: 'none' } as GridGateway,
      channels: new Map(),
    },
    metrics,
  });
  return {
    t,
    config,
    web,
    metrics,
    async close() {
      await web.close();
      await t.close();
    },
  };
}
