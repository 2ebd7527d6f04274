import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { BullTrigger, ORDER_QUEUE } from '../queue/bull-trigger.ts';
import { startRedis } from '../../testing/redis.ts';
import { openWireProxy } from '../../testing/wire-proxy.ts';
import { startSentinels, type Sentinels } from '../../testing/sentinels.ts';
import { redisAddress } from './address.ts';
import { connectRedis } from './connection.ts';

/** What a failover may take, ms: two of them until the primary counts as gone. */
const BACK_MS = 5_000;

/** Writes again and again; gives how long nothing was taken at most, and what was. */
async function writesDuring(
  redis: Redis,
  work: () => Promise<void>,
): Promise<{ gapMs: number; taken: number[] }> {
  const taken: number[] = [];
  let last = performance.now();
  let gapMs = 0;
  let ends = false;
  const writing = (async () => {
    for (let n = 0; !ends; n += 1) {
      const value = n;
      try {
        await redis.set(`written:${value}`, value);
        gapMs = Math.max(gapMs, performance.now() - last);
        last = performance.now();
        taken.push(value);
      } catch {
        // Tried again with the next one.
      }
      await sleep(20);
    }
  })();
  await sleep(300);
  await work();
  ends = true;
  await writing;
  return { gapMs, taken };
}

describe('a Redis that sentinels watch', () => {
  let sentinels: Sentinels;
  let redis: Redis;
  beforeAll(async () => {
    sentinels = await startSentinels();
    redis = connectRedis(redisAddress(sentinels.url, {}));
    redis.on('error', () => undefined);
  }, 120_000);
  afterAll(async () => {
    redis.disconnect();
    await sentinels.close();
  });

  it('takes writes again within five seconds after its primary froze, and none goes to that one', async () => {
    const { primary, replica } = sentinels;
    const { gapMs, taken } = await writesDuring(redis, async () => {
      process.kill(primary.pid, 'SIGSTOP');
      await sleep(BACK_MS + 1_000);
      process.kill(primary.pid, 'SIGCONT');
      await sleep(2_000);
    });
    expect(gapMs).toBeLessThan(BACK_MS);
    const promoted = new Redis(replica.url);
    expect(await promoted.role()).toEqual(expect.arrayContaining(['master']));
    const after = taken.slice(-20);
    expect(await promoted.mget(after.map((n) => `written:${n}`))).toEqual(after.map(String));
    promoted.disconnect();
  }, 120_000);

  it('keeps its queue going through a failover that an operator orders', async () => {
    const address = redisAddress(sentinels.url, {});
    const done: string[] = [];
    const worker = new Worker<{ orderNo: string }>(
      ORDER_QUEUE,
      async ({ data }) => void done.push(data.orderNo),
      {
        connection: { ...address, maxRetriesPerRequest: null },
      },
    );
    worker.on('error', () => undefined);
    const trigger = new BullTrigger({ redis: address, clock: systemClock, log: pino({ level: 'silent' }) });
    await trigger.ready();
    expect(await trigger.request('260115100000000001', 'a')).toBe(true);
    await vi.waitFor(() => {
      expect(done).toHaveLength(1);
    }, 10_000);
    const primary = (): Promise<unknown> => sentinels.ask('SENTINEL', 'get-master-addr-by-name', 'bianmin');
    const former = JSON.stringify(await primary());
    await sentinels.ask('SENTINEL', 'failover', 'bianmin');
    await vi.waitFor(async () => {
      expect(JSON.stringify(await primary())).not.toBe(former);
    }, 20_000);
    const until = performance.now() + BACK_MS;
    for (let n = 2; !done.includes('260115100000000099'); n += 1) {
      expect(performance.now()).toBeLessThan(until);
      await trigger.request('260115100000000099', `b${n}`);
      await sleep(100);
    }
    // The other sentinels tell of it a little later, which cuts lines once more.
    await sleep(2_000);
    await trigger.close();
    await worker.close();
  }, 120_000);
});

describe('a single address', () => {
  const open: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });

  it('that leads to a new primary is gone to again, where the line to the former one stays open', async () => {
    const former = await startRedis();
    const next = await startRedis();
    open.push(former.close, next.close);
    const line = await openWireProxy(former.url);
    open.push(() => line.close());
    const redis = connectRedis(redisAddress(line.url, {}));
    open.push(() => {
      redis.disconnect();
    });
    await redis.set('before', '1');
    const admin = new Redis(former.url);
    await admin.replicaof('127.0.0.1', Number(new URL(next.url).port));
    admin.disconnect();
    line.leadTo(next.url);
    const began = performance.now();
    await redis.set('after', '2');
    expect(performance.now() - began).toBeLessThan(BACK_MS);
    const there = new Redis(next.url);
    expect(await there.get('after')).toBe('2');
    there.disconnect();
  });
});
