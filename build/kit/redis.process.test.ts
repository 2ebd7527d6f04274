import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRedis } from './redis.ts';

beforeEach(() => {
  vi.stubEnv('REDIS_URL', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('openRedis', () => {
  it('never throws a queue away to make room, and keeps it over a restart where it has a folder', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bianmin-redis-'));
    const first = await openRedis({ dir });
    const client = new Redis(first.url);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await client.set('kept', 'yes');
    client.disconnect();
    await first.close();
    const second = await openRedis({ dir });
    const again = new Redis(second.url);
    expect(await again.get('kept')).toBe('yes');
    again.disconnect();
    await second.close();
    await rm(dir, { recursive: true });
  });

  it('takes REDIS_URL as it is where it was given to us, and leaves it alone otherwise', async () => {
    vi.stubEnv('REDIS_URL', 'redis://cache:6379');
    expect(await openRedis({ given: 'as-is' })).toMatchObject({ url: 'redis://cache:6379' });
    const own = await openRedis();
    expect(own.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    await own.close();
  });

  it('says what to do where there is no redis-server', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(openRedis({ given: 'as-is' })).rejects.toThrow(
      /Install it \(Debian: redis-server\) or set REDIS_URL/,
    );
  });
});
