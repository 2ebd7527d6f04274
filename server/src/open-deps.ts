import { Redis } from 'ioredis';
import { systemClock } from '@bianmin/shared/node/system-clock';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { createCollectionV1 } from './grid/collection-v1.ts';
import { createLogger } from './log.ts';
import { wechatChannelFrom } from './payment/wechat.ts';
import { connectDatabase } from './store/connection.ts';

/** Connects what a process is made of, from its configuration. `close` undoes it, in the right order. */
export async function openDeps(
  config: Config,
  processName: 'web' | 'worker',
): Promise<{ deps: Deps; close: () => Promise<void> }> {
  const log = createLogger({ level: config.LOG_LEVEL, process: processName });
  const clock = systemClock;
  const db = await connectDatabase(config.MONGODB_URI);
  const redis = new Redis(config.REDIS_URL, { maxRetriesPerRequest: 2, commandTimeout: 5_000 });
  redis.on('error', (error: unknown) => {
    log.warn({ err: error }, 'redis cannot be reached');
  });
  const grid = createCollectionV1({
    url: collectUrl(config.GRID_URL),
    agent: config.GRID_AGENT,
    signKey: config.GRID_SIGN_KEY,
    gridPublicKey: config.GRID_PUBLIC_KEY,
    timeoutMs: config.GRID_TIMEOUT_MS,
    clock,
  });
  const channels = new Map([['wechat' as const, wechatChannelFrom(config, clock)]]);
  return {
    deps: { config, clock, log, db, redis, grid, bindingCodes: grid, channels },
    async close() {
      redis.disconnect();
      await db.close();
    },
  };
}

/** A bare address means the platform's usual place on it. */
function collectUrl(gridUrl: string): string {
  const url = new URL(gridUrl);
  return url.pathname === '/' ? new URL('/collect', url).href : gridUrl.replace(/\/$/u, '');
}
