import { Queue } from 'bullmq';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { freePort } from '@bianmin/card/node/free-port';
import { openTestRedis } from '../../testing/redis.ts';
import { redisAddress } from '../redis/address.ts';
import { BullTrigger, ORDER_QUEUE } from './bull-trigger.ts';

const log = pino({ level: 'silent' });
let redis: Awaited<ReturnType<typeof openTestRedis>>;
beforeAll(async () => {
  redis = await openTestRedis();
});
afterAll(() => redis.close());

describe('the trigger', () => {
  it('queues an order and cause once, with nothing but the number', async () => {
    const trigger = new BullTrigger({ redis: redisAddress(redis.url, {}), clock: systemClock, log });
    await trigger.ready();
    await trigger.request('260115100000000001', 'notice-n1');
    await trigger.request('260115100000000001', 'notice-n1');
    await trigger.request('260115100000000001', 'poll-1', 60_000);
    const queue = new Queue(ORDER_QUEUE, { connection: { url: redis.url } });
    const jobs = await queue.getJobs(['waiting', 'delayed']);
    expect(jobs.map(({ data }) => data as unknown)).toEqual([
      { orderNo: '260115100000000001' },
      { orderNo: '260115100000000001' },
    ]);
    await queue.close();
    await trigger.close();
  });

  it('neither fails nor hangs while Redis is away', async () => {
    const redisUrl = `redis://127.0.0.1:${await freePort()}`;
    const trigger = new BullTrigger({ redis: redisAddress(redisUrl, {}), clock: systemClock, log });
    await trigger.ready();
    expect(await trigger.request('260115100000000001', 'notice-n1')).toBe(false);
    await trigger.close();
  });
});
