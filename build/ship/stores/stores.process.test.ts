import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type Server } from 'node:tls';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { systemClock } from '@bianmin/card/node/system-clock';
import { BullTrigger, ORDER_QUEUE } from '../../../server/src/adapters/queue/bull-trigger.ts';
import { openRedis, redisAddress } from '../../../server/src/adapters/redis/address.ts';
import { startProgram } from '../../../server/src/testing/child.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import { podOf, readCompose, readEnvironment, readManifests } from '../deploy/manifests.ts';
import { makeStores } from './make.ts';

let folder: string;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'bianmin-stores-')), 'stores');
  await makeStores(folder, 30);
});
afterAll(() => rm(join(folder, '..'), { recursive: true }));
const at = (name: string): string => join(folder, name);
const read = (name: string): Promise<string> => readFile(at(name), 'utf8');

async function passwords(): Promise<Readonly<Record<string, string>>> {
  return readEnvironment(at('stores.env'));
}

describe('what guards the stores', () => {
  it('is readable by its owner alone, but for what everybody may know', async () => {
    const open = new Set(['ca.crt', 'redis.crt']);
    for (const name of ['ca.crt', 'ca.key', 'mongo.pem', 'mongo.key', 'mongo-root.password', 'redis.crt']) {
      const { mode } = await stat(at(name));
      expect((mode & 0o077) === 0, name).toBe(!open.has(name));
    }
    for (const name of ['redis.key', 'redis.acl', 'stores.env'])
      expect((await stat(at(name))).mode & 0o077, name).toBe(0);
    expect((await stat(folder)).mode & 0o077).toBe(0);
  });

  it('has passwords that an address can hold as they are, and none of them in what Redis reads', async () => {
    const { MONGO_PASSWORD: mongo = '', REDIS_PASSWORD: redis = '' } = await passwords();
    expect([mongo, redis].every((password) => /^[0-9a-f]{48}$/.test(password))).toBe(true);
    expect(mongo).not.toBe(redis);
    expect(await read('redis.acl')).not.toContain(redis);
  });

  it('gets new certificates of the same authority, and keeps its passwords', async () => {
    const names = ['ca.crt', 'ca.key', 'mongo.key', 'mongo-root.password', 'redis.acl', 'stores.env'];
    const before = await Promise.all([...names, 'redis.crt', 'mongo.pem'].map(read));
    expect((await makeStores(folder, 30)).renewed).toBe(true);
    const after = await Promise.all([...names, 'redis.crt', 'mongo.pem'].map(read));
    expect(after.slice(0, names.length)).toEqual(before.slice(0, names.length));
    expect(after[names.length]).not.toBe(before[names.length]);
    expect(after[names.length + 1]).not.toBe(before[names.length + 1]);
  });
});

it('MongoDB’s certificate is good for its name and for members of a set, and for no other name', async () => {
  const pem = await read('mongo.pem');
  const server: Server = createServer({ key: pem, cert: pem }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as { port: number }).port;
  const ca = await read('ca.crt');
  const greet = (servername: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, servername, ca }, () => {
        resolve('ok');
        socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? '');
      });
    });
  expect(await greet('mongo')).toBe('ok');
  expect(await greet('elsewhere')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  server.close();
  const { output } = await runToEnd('openssl', ['x509', '-in', at('mongo.pem'), '-noout', '-purpose']);
  expect(output).toMatch(/SSL client : Yes[^]*SSL server : Yes/);
});

/** How a deployment starts a Redis, and how it asks whether it answers. */
async function asDeployed(): Promise<[string, readonly string[], readonly string[]][]> {
  const services = await readCompose();
  const found = ['redis-queue', 'redis-cache'].map((name): [string, readonly string[], readonly string[]] => {
    const { command, healthcheck } = services[name] ?? {};
    return [`compose ${name}`, Array.isArray(command) ? command : [], healthcheck?.test?.slice(1) ?? []];
  });
  for (const manifest of await readManifests()) {
    for (const { args, livenessProbe } of podOf(manifest)?.containers ?? []) {
      if (args[0] !== 'redis-server') continue;
      const { command = [] } = livenessProbe?.exec ?? {};
      found.push([`Kubernetes ${manifest.metadata?.name ?? ''}`, args, command]);
    }
  }
  return found;
}

describe.each(await asDeployed())('%s', (_name, command, health) => {
  let port: number;
  let stop: () => Promise<void>;
  const here = (args: readonly string[]): string[] =>
    args.map((arg) =>
      arg
        .replace(/^\/stores\/tls\.(crt|key)$/, `${folder}/redis.$1`)
        .replace(/^\/stores(-users)?\//, `${folder}/`),
    );
  beforeAll(async () => {
    port = await freePort();
    const [program = '', ...args] = here(command);
    const own = args.map((arg, index) => (args[index - 1] === '--tls-port' ? String(port) : arg));
    ({ stop } = await startProgram({
      command: program,
      args: [...own, '--dir', join(folder, '..'), '--appendonly', 'no'],
      ready: /Ready to accept connections/,
    }));
  });
  afterAll(() => stop());

  /** What a PING is answered. */
  async function ping(url: string, authority?: string): Promise<string> {
    const redis = openRedis(redisAddress(url, { STORES_CA_FILE: authority }), {
      ...{ lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: 5_000 },
    });
    let failure = '';
    redis.on('error', (error: unknown) => {
      failure = String(error);
    });
    try {
      await redis.connect();
      return await redis.ping();
    } catch (error) {
      return `${failure} ${String(error)}`;
    } finally {
      redis.disconnect();
    }
  }
  const url = (password: string, scheme = 'rediss'): string => `${scheme}://:${password}@localhost:${port}`;

  it('answers who has the password, over TLS', async () => {
    const { REDIS_PASSWORD: password = '' } = await passwords();
    expect(await ping(url(password), at('ca.crt'))).toBe('PONG');
  });

  it('answers nobody else', async () => {
    const { REDIS_PASSWORD: password = '' } = await passwords();
    expect(await ping(`rediss://localhost:${port}`, at('ca.crt'))).toMatch(/NOAUTH/);
    expect(await ping(url('wrong'), at('ca.crt'))).toMatch(/WRONGPASS/);
    // In clear, and of an authority that it does not know.
    expect(await ping(url(password, 'redis'))).not.toBe('PONG');
    expect(await ping(url(password))).toMatch(/self.signed|unable to (?:get|verify)/i);
  });

  it('takes orders in, where nothing is thrown away', async () => {
    if (!command.includes('noeviction')) return;
    const { REDIS_PASSWORD: password = '' } = await passwords();
    const address = redisAddress(url(password), { STORES_CA_FILE: at('ca.crt') });
    const trigger = new BullTrigger({ redis: address, clock: systemClock, log: pino({ level: 'silent' }) });
    await trigger.ready();
    expect(await trigger.request('260115100000000001', 'notice-n1')).toBe(true);
    await trigger.close();
    const redis = openRedis(address, {});
    expect(await redis.lrange(`bull:${ORDER_QUEUE}:wait`, 0, -1)).toEqual(['260115100000000001-notice-n1']);
    redis.disconnect();
  });

  it('says that it lives without its password, and nothing more', async () => {
    const [program = '', ...args] = here(health);
    const asked = await runToEnd(program, ['-h', 'localhost', '-p', String(port), ...args]);
    expect([asked.code, asked.output.trim()]).toEqual([0, 'PONG']);
    const more = args.slice(0, -1);
    const denied = await runToEnd(program, ['-h', 'localhost', '-p', String(port), ...more, 'get', 'x']);
    expect(denied.output).toMatch(/NOPERM/);
    expect(denied.code).not.toBe(0);
  });
});
