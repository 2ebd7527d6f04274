import type { WorkerOptions } from 'bullmq';
import type { RedisOptions } from 'ioredis';
import { LIMITS } from '../../kernel/limits.ts';
import { nextTryMs, type RedisAddress } from '../redis/address.ts';

/** For who asks a queue and goes on without an answer: no question waits for a connection, or for an answer that does not come. */
export function toAskAQueue(redis: RedisAddress) {
  return {
    ...redis,
    ...{ connectTimeout: LIMITS.redis, commandTimeout: LIMITS.redis, socketTimeout: 2 * LIMITS.redis },
    ...{ enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy: nextTryMs },
  } satisfies RedisAddress & RedisOptions;
}

/** For who waits at a queue for work: what was asked is asked again over the next connection, until it is answered. */
export function toWaitAtAQueue(redis: RedisAddress) {
  return {
    ...redis,
    // A line that lies still for longer than anybody waits for a job leads to nobody any more, and is told so by none.
    ...{ connectTimeout: LIMITS.redis, socketTimeout: LIMITS.queue },
    ...{ maxRetriesPerRequest: null, retryStrategy: nextTryMs },
  } satisfies RedisAddress & RedisOptions;
}

/**
 * How long a worker has a job without a word, and how often is looked for those that nobody has. A Redis that thaws hears first what
 * was said over lines that were given up: "done, give me the next" takes a job that nobody does, unless the one that is done
 * is no longer in hand by then. An order that is done twice comes to no harm.
 */
export const IN_HAND = { lockDuration: LIMITS.job, stalledInterval: 2_000 } satisfies Partial<WorkerOptions>;
