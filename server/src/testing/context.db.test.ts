import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from './context.ts';

describe('the services tests run on', () => {
  let t: TestContext;
  beforeAll(async () => {
    t = await openTestContext();
  });
  afterAll(() => t.close());

  it('has a database that keeps and compares', async () => {
    const things = t.db.collection<{ _id: string; n: number }>('things');
    await things.insertOne({ _id: 'a', n: 1 });
    const moved = await things.findOneAndUpdate({ _id: 'a', n: 1 }, { $set: { n: 2 } });
    expect(moved?.n).toBe(1);
    expect(await things.findOneAndUpdate({ _id: 'a', n: 1 }, { $set: { n: 3 } })).toBeNull();
  });

  it('has a Redis that takes each key once', async () => {
    expect(await t.redis.set('once', '1', 'EX', 5, 'NX')).toBe('OK');
    expect(await t.redis.set('once', '1', 'EX', 5, 'NX')).toBeNull();
  });
});
