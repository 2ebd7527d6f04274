import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, expect, it, vi } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { openTestRedis, startRedis } from '../../testing/redis.ts';
import { BACK_MS, ended, SLACK_MS } from '../../testing/stalled.ts';
import { openWireProxy, type WireProxy } from '../../testing/wire-proxy.ts';
import { redisAddress, type RedisAddress } from '../redis/address.ts';
import { IN_HAND, toAskAQueue, toWaitAtAQueue } from './queue-connection.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function lineToRedis(): Promise<{ line: WireProxy; near: RedisAddress; far: RedisAddress }> {
  const redis = await openTestRedis();
  const line = await openWireProxy(redis.url);
  open.push(
    () => redis.close(),
    () => line.close(),
  );
  return { line, near: redisAddress(line.url, {}), far: redisAddress(redis.url, {}) };
}

function queueAt(redis: RedisAddress): Queue {
  const queue = new Queue('tried', { connection: toAskAQueue(redis) });
  queue.on('error', () => undefined);
  open.push(() => queue.disconnect());
  return queue;
}

it('a question to a frozen queue ends in time, and the next one is answered as soon as it goes on', async () => {
  const { line, near } = await lineToRedis();
  const queue = queueAt(near);
  await queue.waitUntilReady();
  expect(await queue.getJobCounts('waiting')).toEqual({ waiting: 0 });
  line.stall();
  const asked = await ended(() => queue.getJobCounts('waiting'));
  expect(asked.error).toBeInstanceOf(Error);
  expect(asked.ms).toBeLessThan(LIMITS.redis + SLACK_MS);
  line.goOn();
  await vi.waitFor(() => queue.getJobCounts('waiting'), BACK_MS);
});

it('a worker whose line is forgotten on the way, and who is told by nobody, works again', async () => {
  const { line, near, far } = await lineToRedis();
  const done: string[] = [];
  const worker = new Worker('tried', async ({ name }) => void done.push(name), {
    connection: toWaitAtAQueue(near),
  });
  worker.on('error', () => undefined);
  open.push(() => worker.close(true));
  const queue = queueAt(far);
  await queue.waitUntilReady();
  await queue.add('before', {});
  await vi.waitFor(() => {
    expect(done).toEqual(['before']);
  }, BACK_MS);
  line.forget();
  await queue.add('after', {});
  await vi.waitFor(
    () => {
      expect(done).toEqual(['before', 'after']);
    },
    2 * LIMITS.queue + BACK_MS,
  );
});

it('a job that waited while Redis was frozen is done as soon as it goes on, though its worker left the line', async () => {
  const redis = await startRedis();
  open.push(() => redis.close());
  const pid = await pidOf(redis.url);
  open.push(() => process.kill(pid, 'SIGCONT'));
  const at = redisAddress(redis.url, {});
  const begun: string[] = [];
  const work = async (name: string): Promise<void> => {
    begun.push(name);
    if (name === 'held') await sleep(1_000);
  };
  const worker = new Worker('tried', ({ name }) => work(name), {
    connection: toWaitAtAQueue(at),
    ...IN_HAND,
  });
  worker.on('error', () => undefined);
  open.push(() => worker.close(true));
  const queue = queueAt(at);
  await queue.waitUntilReady();
  await queue.add('held', {});
  await queue.add('next', {});
  await vi.waitFor(() => {
    expect(begun).toEqual(['held']);
  }, BACK_MS);
  process.kill(pid, 'SIGSTOP');
  // "Done" is said over the line that is given up: it is heard after the thaw, and answered to nobody.
  await sleep(LIMITS.queue + 2_500);
  expect(begun).toEqual(['held']);
  process.kill(pid, 'SIGCONT');
  await vi.waitFor(() => {
    expect(begun).toContain('next');
  }, BACK_MS);
});

async function pidOf(redisUrl: string): Promise<number> {
  const redis = new Redis(redisUrl);
  const [, pid] = /process_id:(\d+)/.exec(await redis.info('server')) ?? [];
  redis.disconnect();
  return Number(pid);
}
