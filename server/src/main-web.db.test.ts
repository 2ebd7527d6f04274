import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { sm2 } from 'sm-crypto-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { openTestContext, type TestContext } from './testing/context.ts';
import { openTestWeb } from './testing/web.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

function environment(): Record<string, string> {
  const { privateKey, publicKey: platform } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: signKey, publicKey } = sm2.generateKeyPairHex();
  return {
    PATH: process.env['PATH'] ?? '',
    STORES: 'open',
    MONGODB_URI: t.mongodbUri,
    REDIS_URL: t.redisUrl,
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:8080',
    TOKEN_SECRET: '11'.repeat(32),
    ENROL_CODE: 'S3CRET-CODE',
    ADMIN_PASSWORD: 'S3CRET-PASSWORD',
    GRID_URL: 'http://127.0.0.1:1',
    GRID_AGENT: 'agent',
    GRID_SIGN_KEY: signKey,
    GRID_PUBLIC_KEY: publicKey,
    WECHAT_APPID: 'wx',
    WECHAT_MCHID: '1',
    WECHAT_SERIAL: '1',
    WECHAT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    WECHAT_PLATFORM_KEYS: JSON.stringify({
      PUB_KEY_ID_1: platform.export({ type: 'spki', format: 'pem' }).toString(),
    }),
    WECHAT_APIV3_KEY: '0'.repeat(32),
  };
}

function start(env: Record<string, string>, program = 'main-web.ts') {
  const entry = join(import.meta.dirname, program);
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exit = once(child, 'exit') as Promise<[number | null]>;
  /** The address that it serves at; fails where it ends before. */
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const url = /^web ready (http:\/\/\S+)$/m.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) =>
      reject(new Error(`It ended with ${code ?? 'a signal'}. It said: ${output}`)),
    );
  });
  ready.catch(() => undefined);
  return { child, output: () => output, exit, ready };
}

describe('the web program', () => {
  it('starts from its environment, serves, and ends with 0 when it is asked to', async () => {
    const { child, output, exit, ready } = start({ ...environment(), DRAIN_MS: '1' });
    const url = await ready;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    expect(output()).not.toContain('S3CRET');
    expect(output()).not.toContain('PRIVATE KEY');
  });

  it('goes on serving for a while after it was asked to end, and says that it is not ready', async () => {
    const clock = new ManualClock();
    const { web, t: own } = await openTestWeb({ DRAIN_MS: 1_500 }, clock);
    const closed = web.close();
    expect((await fetch(`${web.url}/readyz`)).status).toBe(503);
    const alive = await fetch(`${web.url}/healthz`);
    expect([alive.status, alive.headers.get('connection')]).toEqual([200, 'close']);
    await clock.advance(60_000);
    await closed;
    await expect(fetch(`${web.url}/healthz`)).rejects.toThrow();
    await own.close();
  });

  it('says which variable is at fault, and never its value', async () => {
    const { output, exit } = start({ ...environment(), TOKEN_SECRET: 'S3CRET', PUBLIC_URL: '' });
    expect((await exit)[0]).not.toBe(0);
    expect(output()).toMatch(/PUBLIC_URL.*TOKEN_SECRET/);
    expect(output()).not.toContain('S3CRET');
  });
});

describe('a store that anybody may open', () => {
  it.each(['main-web.ts', 'main-worker.ts', 'main-migrate.ts'])(
    'is refused by %s, which says what to do',
    async (program) => {
      const { STORES: _, ...env } = environment();
      const { output, exit, ready } = start(env, program);
      await expect(ready).rejects.toThrow();
      expect((await exit)[0]).toBe(1);
      expect(output()).toMatch(/MONGODB_URI names no user and password\. .*REDIS_URL names no password\./s);
      expect(output()).toContain('docs/operations/stores.md');
      expect(output()).not.toContain('127.0.0.1');
    },
  );

  it('is one of this machine where it may be used all the same', async () => {
    const { exit, output } = start({ ...environment(), REDIS_URL: 'redis://10.0.0.7:6379' });
    expect((await exit)[0]).toBe(1);
    expect(output()).toMatch(/STORES=open is for stores of this machine alone/);
  });
});

describe('the program that migrates', () => {
  it('makes the indexes, tells of the first administrator, and ends', async () => {
    await t.db.dropDatabase();
    const { ADMIN_PASSWORD: _, ...env } = environment();
    // Where it would serve does not matter: it is not to be reached.
    const { output, exit } = start({ ...env, HOST: '192.0.2.1', PORT: '1' }, 'main-migrate.ts');
    expect((await exit)[0]).toBe(0);
    expect(output()).toMatch(/There is no administrator yet\..*\/admin\/.*^migrated$/ms);
    const names = (await t.db.collection('orders').indexes()).map(({ name }) => name);
    expect(names).toContain('terminalId_1_idempotencyKey_1');
  });

  it('ends with 1 where the database cannot be reached', async () => {
    const { exit } = start(
      { ...environment(), MONGODB_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300' },
      'main-migrate.ts',
    );
    expect((await exit)[0]).toBe(1);
  });
});
