import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { RedisAway } from '../../testing/redis-away.ts';
import { ended, SLACK_MS } from '../../testing/stalled.ts';
import { redisAddress } from './address.ts';
import { connectRedis } from './connection.ts';
import { reachOf } from './redis-reach.ts';

let server: RedisAway;
let redis: Redis;
beforeEach(async () => {
  server = await RedisAway.start();
  redis = connectRedis(redisAddress(server.url, {}));
  redis.on('error', () => undefined);
  reachOf(redis);
});
afterEach(async () => {
  redis.disconnect();
  await server.close();
});

/** Asks again and again, many at once, each for a word of its own. Gives what ends it, and what got another's answer. */
function asking(): () => Promise<string[]> {
  const wrong: string[] = [];
  let ends = false;
  const ask = async (word: string): Promise<void> => {
    const said = await redis.echo(word).catch(() => word);
    if (said !== word) wrong.push(`${word}: ${said}`);
  };
  const running = (async () => {
    for (let no = 0; !ends; no += 1) {
      void redis.ping().catch(() => undefined);
      void redis
        .multi()
        .incr('n')
        .get('n')
        .exec()
        .catch(() => undefined);
      for (const at of ['a', 'b', 'c']) void ask(`${at}${no}`);
      await sleep(5);
    }
  })();
  return async () => {
    ends = true;
    await running;
    await sleep(200);
    return wrong;
  };
}

describe.each(['stop', 'freeze'] as const)('a Redis that is away (%s)', (how) => {
  it('is waited for by the first who asks, and by nobody afterwards, and is back by itself', async () => {
    await redis.set('a', '1');
    await server[how]();
    await expect.poll(() => redis.get('a').catch(() => reachOf(redis).away), { interval: 20 }).toBe(true);
    const { ms, error } = await ended(() => redis.get('a'));
    expect(error).toMatchObject({ name: 'RedisAwayError' });
    expect(ms).toBeLessThan(SLACK_MS);
    await server.back();
    await expect.poll(() => reachOf(redis).away).toBe(false);
    expect(await redis.set('a', '2')).toBe('OK');
  });

  it('gives nobody the answer of another as it goes and comes', async () => {
    const end = asking();
    await server[how]();
    await expect.poll(() => reachOf(redis).away).toBe(true);
    await sleep(1_500);
    await server.back();
    await expect.poll(() => reachOf(redis).away).toBe(false);
    await sleep(500);
    expect(await end()).toEqual([]);
    expect(await redis.echo('still')).toBe('still');
  });
});

it('one that is full is away, and back once it takes something', async () => {
  await redis.config('SET', 'maxmemory', '1');
  await redis.set('a', '1').catch(() => undefined);
  expect(reachOf(redis).away).toBe(true);
  const other = redis.duplicate();
  await other.config('SET', 'maxmemory', '0');
  other.disconnect();
  await expect.poll(() => reachOf(redis).away).toBe(false);
});

it('one that answered while this process stood still is there', async () => {
  await redis.set('a', '1');
  const asked = redis.get('a').catch((error: unknown) => error);
  // After it was sent.
  setImmediate(() => {
    const end = performance.now() + LIMITS.redis + 500;
    while (performance.now() < end);
  });
  await asked;
  await sleep(100);
  expect(reachOf(redis).away).toBe(false);
});
