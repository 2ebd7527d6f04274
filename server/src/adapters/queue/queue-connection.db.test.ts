import { Queue, Worker } from 'bullmq';
import { afterEach, expect, it, vi } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { openTestRedis } from '../../testing/redis.ts';
import { BACK_MS, ended, SLACK_MS } from '../../testing/stalled.ts';
import { openWireProxy, type WireProxy } from '../../testing/wire-proxy.ts';
import { redisAddress, type RedisAddress } from '../redis/address.ts';
import { toAskAQueue, toWaitAtAQueue } from './queue-connection.ts';

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
