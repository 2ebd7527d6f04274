import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReplayGuard } from '../../fleet/terminals/replay.ts';
import { startRedis } from '../../testing/redis.ts';

const CACHE = ['--maxmemory', '5mb', '--maxmemory-policy', 'volatile-ttl'];
let cache: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;
beforeAll(async () => {
  cache = await startRedis(CACHE);
  redis = new Redis(cache.url);
});
afterAll(async () => {
  redis.disconnect();
  await cache.close();
});

describe('a flooded cache', () => {
  it('forgets who used a proof: its marks lie elsewhere', async () => {
    const guard = new ReplayGuard(redis, { putNew: () => Promise.reject(new Error('Redis is there.')) });
    expect(await guard.first('a', 'proof', 120)).toBe(true);
    expect(await guard.first('a', 'proof', 120)).toBe(false);
    const some = 'x'.repeat(1000);
    for (let no = 0; no < 5000; no += 1) await redis.set(`flood:${no}`, some, 'EX', 3600);
    // What would end soonest makes room first, which is the mark.
    expect(await guard.first('a', 'proof', 120)).toBe(true);
  });
});
