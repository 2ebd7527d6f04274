import type { Redis } from 'ioredis';
import { mongo } from 'mongoose';
import type { Logger } from 'pino';
import { queueRedisOf, type Config } from './config.ts';
import { redisAddress, strangersAddress, type RedisAddress } from '../adapters/redis/address.ts';
import { lookAtRedis } from '../adapters/redis/connection.ts';
import { withoutPassword } from '../kernel/without-password.ts';
import { mongoTls, StoreError } from './stores.ts';

/** A store that does not answer within this says nothing; who uses it says so. */
const PATIENCE_MS = 2_000;

/**
 * Looks at the stores themselves: `store.evicts` where the Redis of marks throws away what has not ended, `store.lets-anybody-in`
 * where one answers a stranger though its address has a password. One that is away is looked at when a process starts again.
 */
export async function requireSoundStores(
  config: Config,
  { marks, log }: { readonly marks: Redis; readonly log: Pick<Logger, 'warn'> },
): Promise<void> {
  await requireNoEviction(marks).catch((error: unknown) => {
    if (error instanceof StoreError) throw error;
    log.warn({ err: error }, 'the Redis of queues and marks could not be looked at');
  });
  if (config.STORES === 'open') return;
  const redis = [redisAddress(config.REDIS_URL, config), queueRedisOf(config)];
  const asked = [isOpenMongodb(config), ...redis.map(isOpenRedis)];
  if ((await Promise.all(asked)).every((open) => !open)) return;
  throw new StoreError({
    code: 'store.lets-anybody-in',
    message:
      'MongoDB or Redis answers whoever comes, without the password that its address has. Set passwords there: docs/operations/stores.md.',
  });
}

/** `INFO` is answered where `CONFIG` is forbidden. */
async function requireNoEviction(redis: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy === 'noeviction') return;
  throw new StoreError({
    code: 'store.evicts',
    message:
      'The Redis of queues and of used proofs makes room by throwing away. Set maxmemory-policy noeviction there, or name another in REDIS_QUEUE_URL.',
    context: { policy },
  });
}

async function isOpenRedis(address: RedisAddress): Promise<boolean> {
  const stranger = lookAtRedis(strangersAddress(address), {
    ...{ patienceMs: PATIENCE_MS, lazyConnect: true, enableReadyCheck: false },
  });
  try {
    await stranger.connect();
    return (await stranger.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    stranger.disconnect();
  }
}

async function isOpenMongodb(config: Config): Promise<boolean> {
  const stranger = new mongo.MongoClient(withoutPassword(config.MONGODB_URI), {
    ...{ serverSelectionTimeoutMS: PATIENCE_MS, connectTimeoutMS: PATIENCE_MS, ...mongoTls(config) },
  });
  try {
    await stranger.connect();
    await stranger.db().listCollections({}, { nameOnly: true }).toArray();
    return true;
  } catch {
    return false;
  } finally {
    await stranger.close();
  }
}
