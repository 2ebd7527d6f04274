import type { Redis } from 'ioredis';
import { LIMITS } from '../../kernel/limits.ts';
import { openRedis, type RedisAddress } from './address.ts';

/** The longest wait between two tries to connect, ms. */
const AGAIN_MS = 1_000;

/** Connects at once, and again whenever it is cut off. */
export function connectRedis(address: RedisAddress): Redis {
  return openRedis(address, {
    // A question that waits for the connection, too.
    ...{ commandTimeout: LIMITS.redis, connectTimeout: LIMITS.redis, maxRetriesPerRequest: 1 },
    // Where nothing comes back the connection is given up: behind it may be nobody any more.
    socketTimeout: 2 * LIMITS.redis,
    retryStrategy: (tries: number) => Math.min(50 * tries, AGAIN_MS),
    // What is asked in one turn goes out in one write.
    enableAutoPipelining: true,
  });
}
