import { Registry } from 'prom-client';
import { sm2 } from 'sm-crypto-v2';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { walletEnv } from '../sandbox/wallet/wallets.ts';
import { configSchema, type Config } from './config/config.ts';
import { openDeps } from './open-deps.ts';
import { testConfig } from './testing/config.ts';
import { openTestContext, type TestContext } from './testing/context.ts';
import { startRedis } from './testing/redis.ts';
import { testWechatKeys } from './testing/wechat-harness.ts';

let t: TestContext;
let closed: string[];
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  closed = [];
  for (const name of ['orders', 'migrations', 'keyversions', 'keyholders'])
    await t.db.collection(name).deleteMany({});
});

const { privateKey, publicKey } = sm2.generateKeyPairHex();
const WECHAT = Object.fromEntries(
  Object.entries(
    configSchema.partial().parse(walletEnv({ wechat: testWechatKeys() }, 'http://127.0.0.1:1')),
  ).filter(([name]) => name.startsWith('WECHAT_')),
) as Partial<Config>;
const open = (over: Partial<Config> = {}): ReturnType<typeof openDeps> =>
  openDeps(
    testConfig({
      ...{ MONGODB_URI: t.mongodbUri, REDIS_URL: t.redisUrl, MIGRATIONS: 'check' },
      ...{ GRID_SIGN_KEY: privateKey, GRID_PUBLIC_KEY: publicKey },
      ...over,
    }),
    'worker',
    new Registry(),
    (_, { service }) =>
      Promise.resolve({ sink: () => undefined, close: () => Promise.resolve(void closed.push(service)) }),
  );

it('a process that refuses the database leaves nothing open, its tracing neither', async () => {
  // As a server of before there were versions left it.
  await t.db.collection<{ _id: string }>('orders').insertOne({ _id: '260301100000000001' });
  await expect(open()).rejects.toMatchObject({ code: 'migration.behind' });
  expect(closed).toEqual(['bianmin-worker']);
});

it('nor does one whose keys make no channel', async () => {
  await expect(open()).rejects.toThrow();
  expect(closed).toEqual(['bianmin-worker']);
});

it('nor does one whose marks of used proofs lie in a Redis that evicts, which is flooded to forget them', async () => {
  const cache = await startRedis(['--maxmemory', '16mb', '--maxmemory-policy', 'volatile-ttl']);
  try {
    await expect(open({ ...WECHAT, REDIS_URL: cache.url })).rejects.toMatchObject({ code: 'store.evicts' });
    expect(closed).toEqual(['bianmin-worker']);
    const { deps, close } = await open({ ...WECHAT, REDIS_URL: cache.url, REDIS_QUEUE_URL: t.redisUrl });
    expect(await deps.marks?.info('memory')).toContain('maxmemory_policy:noeviction');
    await close();
  } finally {
    await cache.close();
  }
});

it('one that does not closes its tracing last, and once', async () => {
  const { deps, close } = await open(WECHAT);
  let database = '';
  deps.db.once('close', () => {
    database = closed.length === 0 ? 'first' : 'last';
  });
  await close();
  await close();
  expect([database, closed]).toEqual(['first', ['bianmin-worker']]);
});
