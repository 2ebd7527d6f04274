import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { RunningService } from '../../testing/database.ts';
import { says, terminalNo, URUMQI } from '../../testing/beating-fleet.ts';
import { openTestRedis, startRedis } from '../../testing/redis.ts';
import { PresenceBoard, type Vitals } from './presence.ts';
import { onceOf } from './replay.ts';

let running: RunningService[];
let cache: Redis;
let marks: Redis;
let board: PresenceBoard;
beforeAll(async () => {
  running = await Promise.all([openTestRedis(), startRedis()]);
  [cache, marks] = running.map(({ url }) => new Redis(url)) as [Redis, Redis];
  board = new PresenceBoard(cache, systemClock, marks);
});
afterAll(async () => {
  cache.disconnect();
  marks.disconnect();
  await Promise.all(running.map((each) => each.close()));
});

const where: Pick<Vitals, 'kind' | 'orgPath'> = { kind: 'kiosk', orgPath: URUMQI };
const beat = (no: number, nonce?: string) =>
  board.beat(
    terminalNo(no),
    where,
    says('1.0.0'),
    nonce === undefined ? undefined : onceOf(terminalNo(no), nonce, 120),
  );

describe('a beat that was sent before', () => {
  it('is not taken after the cache made room, which has no mark of it', async () => {
    expect(await beat(1, 'nonce')).toEqual({ waits: false, watched: false });
    expect(await cache.keys('jti:*')).toEqual([]);
    await cache.flushdb();
    expect(await beat(1, 'nonce')).toBe('again');
    expect(await board.seenAt([terminalNo(1)])).toEqual(new Map());
    expect(await beat(1, 'another')).toEqual({ waits: false, watched: false });
  });

  it('is told from those that come with it', async () => {
    const took = await Promise.all([beat(2, 'x'), beat(1, 'another'), beat(3), beat(2, 'x'), beat(4, 'x')]);
    expect(took.map((each) => each === 'again')).toEqual([false, true, false, true, false]);
    const seen = await board.seenAt([1, 2, 3, 4].map(terminalNo));
    expect([...seen.keys()].toSorted()).toEqual([1, 2, 3, 4].map(terminalNo).toSorted());
  });

  it('is not taken where it cannot be remembered', async () => {
    await marks.config('SET', 'maxmemory', '1');
    try {
      await expect(beat(5, 'y')).rejects.toThrow('OOM');
    } finally {
      await marks.config('SET', 'maxmemory', '0');
    }
    expect(await board.seenAt([terminalNo(5)])).toEqual(new Map());
  });
});
