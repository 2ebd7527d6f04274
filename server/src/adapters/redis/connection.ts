import type { Redis, RedisOptions } from 'ioredis';
import { LIMITS } from '../../kernel/limits.ts';
import { nextTryMs, openRedis, type RedisAddress } from './address.ts';

/** Connects at once, and again whenever it is cut off. */
export function connectRedis(address: RedisAddress): Redis {
  return openRedis(address, {
    // A question that waits for the connection, too.
    ...{ commandTimeout: LIMITS.redis, connectTimeout: LIMITS.redis, maxRetriesPerRequest: 1 },
    // Where nothing comes back the connection is given up: behind it may be nobody any more.
    socketTimeout: 2 * LIMITS.redis,
    retryStrategy: nextTryMs,
    // What is asked in one turn goes out in one write.
    enableAutoPipelining: true,
  });
}

/** For a look and no more: tries to connect once, and waits so long for it and for each answer. Its failure is said by the answer. */
export function lookAtRedis(
  address: RedisAddress,
  {
    patienceMs,
    ...more
  }: { readonly patienceMs: number } & Pick<RedisOptions, 'lazyConnect' | 'enableReadyCheck'>,
): Redis {
  const redis = openRedis(address, {
    ...{ connectTimeout: patienceMs, commandTimeout: patienceMs, maxRetriesPerRequest: 0 },
    ...{ retryStrategy: () => null, sentinelRetryStrategy: () => null, ...more },
  });
  redis.on('error', () => undefined);
  return redis;
}
