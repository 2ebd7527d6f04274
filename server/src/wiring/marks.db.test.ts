import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { startRedis } from '../testing/redis.ts';
import { TestTerminal } from '../testing/terminal.ts';
import { openTestWeb, type TestWeb } from '../testing/web.ts';

let queue: Awaited<ReturnType<typeof startRedis>>;
let marks: Redis;
let s: TestWeb;
beforeAll(async () => {
  queue = await startRedis();
  marks = new Redis(queue.url);
  s = await openTestWeb({}, systemClock, { marks });
});
afterAll(async () => {
  await s.close();
  marks.disconnect();
  await queue.close();
});

it('used proofs are marked where nothing is evicted, and the cache knows none of them', async () => {
  const terminal = await TestTerminal.create(systemClock);
  const send = (path: string, body: unknown): Promise<Response> =>
    fetch(`${s.web.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const enrolment = { jws: await terminal.enrolment({ kind: 'kiosk', name: 'Kiosk', version: '0.1.0' }) };
  expect((await send('/v1/terminal/enrol', enrolment)).status).toBe(200);
  // The same once more is a replay, even to a cache that was emptied.
  await s.t.redis.flushdb();
  expect((await send('/v1/terminal/enrol', enrolment)).status).toBe(401);
  expect((await marks.keys('jti:*')).length).toBe(1);
  expect(await s.t.redis.keys('jti:*')).toEqual([]);
});
