import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testConfig } from '../testing/config.ts';
import { openTestContext, type TestContext } from '../testing/context.ts';
import { startRedis } from '../testing/redis.ts';
import { requireSoundStores } from './sound-stores.ts';

const AWAY = 'mongodb://u:p@127.0.0.1:1/none';
let t: TestContext;
let open: Awaited<ReturnType<typeof startRedis>>;
let shut: typeof open;
beforeAll(async () => {
  t = await openTestContext();
  open = await startRedis();
  shut = await startRedis(['--requirepass', 'a password']);
});
afterAll(() => Promise.all([t.close(), open.close(), shut.close()]));

const opened = (url: string): string =>
  url.replace('redis://', `redis://:${encodeURIComponent('a password')}@`);

async function look(redisUrl: string, mongodbUri = AWAY): Promise<void> {
  const marks = new Redis(redisUrl);
  // It warns of a password that nobody asked for.
  marks.on('error', () => undefined);
  const config = testConfig({ STORES: 'guarded', MONGODB_URI: mongodbUri, REDIS_URL: redisUrl });
  try {
    await requireSoundStores(config, { marks, log: pino({ level: 'silent' }) });
  } finally {
    marks.disconnect();
  }
}

describe('a store that lets in whoever comes', () => {
  it('is refused though its address has a password, and one that asks for it is not', async () => {
    await expect(look(opened(open.url))).rejects.toMatchObject({ code: 'store.lets-anybody-in' });
    await look(opened(shut.url));
  });

  it('is refused where it is MongoDB, too', async () => {
    const uri = t.mongodbUri.replace('mongodb://', 'mongodb://u:p@');
    await expect(look(opened(shut.url), uri)).rejects.toMatchObject({ code: 'store.lets-anybody-in' });
  });

  it('is looked at once more when the process starts again, where it is away', async () => {
    await look('redis://:p@127.0.0.1:1');
  });
});
