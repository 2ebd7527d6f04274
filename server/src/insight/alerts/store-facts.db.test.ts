import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { readStoreFacts } from './store-facts.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

const memory = (text: string) => ({ info: () => Promise.resolve(text) });

it('reads what the stores here say, and judges nothing by what they do not', async () => {
  const facts = await readStoreFacts({ db: t.db, redis: t.redis });
  // One that is alone has nobody behind it; the tests' Redis has no limit.
  expect(facts.members).toEqual([]);
  expect(facts.full.filter(({ what }) => what !== 'disk')).toEqual([]);
  for (const { percent } of facts.full) expect(percent).toBeLessThanOrEqual(100);
});

it('counts the memory of a Redis that throws nothing away, and of no other', async () => {
  const { full } = await readStoreFacts({
    db: t.db,
    redis: memory('# Memory\r\nused_memory:900\r\nmaxmemory:1000\r\nmaxmemory_policy:volatile-ttl\r\n'),
    queueRedis: memory('# Memory\r\nused_memory:850\r\nmaxmemory:1000\r\nmaxmemory_policy:noeviction\r\n'),
  });
  expect(full.filter(({ what }) => what !== 'disk')).toEqual([{ what: 'redis-queue', percent: 85 }]);
});
