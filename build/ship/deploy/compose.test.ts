import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { configSchema } from '../../../server/src/config/config.ts';
import { BODY_LIMIT_BYTES } from '../../../server/src/web/body.ts';
import { PROBLEM_TITLES } from '../../../server/src/kernel/problem-titles.ts';
import { HEARTBEAT_MS, STREAM_LIFE_MS } from '../../../server/src/orders/desk/order-stream.ts';
import { nodeEnvironment } from '../../run/dev/nginx.ts';
import { requireGuarded } from '../../../server/src/config/stores.ts';
import { DEPLOY, readCompose, readEnvironment } from './manifests.ts';

const ROOT = join(DEPLOY, '../../..');
const known = Object.keys(configSchema.shape);
const required = Object.entries(configSchema.shape)
  .filter(([, schema]) => !schema.safeParse(undefined).success)
  .map(([name]) => name);
const nginx = (name: string): Promise<string> => readFile(join(DEPLOY, 'nginx', name), 'utf8');
/** A time of nginx's or compose's, ms. */
function timeMs(text: string): number {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`${text} is no time.`);
  return Number(count) * (unit === 'm' ? 60_000 : 1000);
}
async function directive(file: string, name: string): Promise<string> {
  const value = new RegExp(`^\\s*${name} (.+);$`, 'm').exec(await nginx(file))?.[1];
  if (value === undefined) throw new Error(`${file} has no ${name}.`);
  return value;
}
/** HAProxy has seen by then that a process is ending: its pause between two looks, and its patience. */
const SEEN_MS = 3_000;
const partOf = (command: string | string[] | undefined): string =>
  (typeof command === 'string' ? command : command?.findLast((word) => word.endsWith('.ts'))) ??
  'server/src/main-web.ts';

describe('compose', async () => {
  const services = await readCompose();
  const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('bianmin-server'));
  const example = await readEnvironment('compose/server.env.example');

  it('sets what the server knows, and all that it must have', () => {
    for (const [name, { environment = {} }] of ours) {
      const given = Object.keys({ ...environment, ...example });
      expect(
        given.filter((variable) => !known.includes(variable)),
        name,
      ).toEqual([]);
      expect(
        required.filter((variable) => !given.includes(variable)),
        name,
      ).toEqual([]);
    }
  });

  it('has two web and two workers, each with a program that is there, after the migration', () => {
    const programs = ours.map(([name, { command }]) => [name, partOf(command)]);
    expect(programs).toEqual([
      ['migrate', 'server/src/main-migrate.ts'],
      ['web-1', 'server/src/main-web.ts'],
      ['web-2', 'server/src/main-web.ts'],
      ['worker-1', 'server/src/main-worker.ts'],
      ['worker-2', 'server/src/main-worker.ts'],
      ['backup', 'server/src/main-backup.ts'],
    ]);
    for (const [, program = ''] of programs) expect(existsSync(join(ROOT, program)), program).toBe(true);
    for (const [name, { depends_on: after, read_only: sealed }] of ours) {
      expect(sealed, name).toBe(true);
      if (name !== 'migrate') expect(after?.['migrate']?.condition).toBe('service_completed_successfully');
    }
  });

  it('leaves web the time to end, which is longer than HAProxy takes to see it', () => {
    for (const [name, { environment, stop_grace_period: grace = '' }] of ours) {
      const drainMs = Number(environment?.['DRAIN_MS'] ?? 0);
      // main-web.ts gives up 20 s after it.
      expect(timeMs(grace), name).toBeGreaterThan(drainMs + 20_000);
      if (!name.startsWith('web')) continue;
      expect(drainMs).toBeGreaterThan(SEEN_MS);
      expect(environment?.['TRUSTED_PROXIES']).toBe('1');
    }
    expect(Number(nodeEnvironment('redis://x')['DRAIN_MS'])).toBeGreaterThan(SEEN_MS);
  });

  it('has web where HAProxy looks for it, HAProxy where nginx does, and nothing else within reach', async () => {
    const conf = await readFile(join(DEPLOY, 'compose/nginx.conf'), 'utf8');
    const addresses = [...conf.matchAll(/^\s*server ([\d.]+:8080);/gm)].map((match) => match[1]);
    const frontOf = (name: string): string => {
      const networks = services[name]?.networks;
      return `${(Array.isArray(networks) ? undefined : networks?.['front']?.ipv4_address) ?? ''}:8080`;
    };
    expect(addresses).toEqual([frontOf('haproxy')]);
    expect(services['haproxy']?.environment).toEqual({
      BIANMIN_BALANCER: frontOf('haproxy'),
      BIANMIN_BALANCER_MEASURES: '172.30.8.10:9090',
      BIANMIN_WEB_1: frontOf('web-1'),
      BIANMIN_WEB_2: frontOf('web-2'),
    });
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['nginx']);
  });

  it('has each process’s measurements on an address of their own, which nginx does not reach', () => {
    const addressOf = (name: string): string | undefined => {
      const networks = services[name]?.networks;
      return Array.isArray(networks) ? undefined : networks?.['watch']?.ipv4_address;
    };
    for (const name of ['web-1', 'web-2', 'worker-1', 'worker-2']) {
      const { METRICS_HOST: host, METRICS_PORT: port } = services[name]?.environment ?? {};
      expect([host, port], name).toEqual([addressOf(name), '9090']);
      expect(host, name).toMatch(/^172\.30\.8\.\d+$/);
    }
    expect(addressOf('haproxy')).toBe('172.30.8.10');
    expect(JSON.stringify(services['nginx']?.networks)).not.toContain('watch');
  });

  it('keeps queues on disk and throws none away, and the cache nowhere', () => {
    const flags = (name: string): string => {
      const command = services[name]?.command;
      return Array.isArray(command) ? command.join(' ') : '';
    };
    expect(flags('redis-queue')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    expect(flags('redis-cache')).toMatch(/--appendonly no .*--maxmemory-policy volatile-ttl/);
  });

  it('has every process of ours ask the stores by password over TLS', () => {
    for (const [name, { environment = {}, volumes = [] }] of ours) {
      const given = Object.fromEntries(
        Object.entries(environment).map(([variable, value]) => [
          variable,
          value.replace(/\$\{\w+:\?[^}]*\}/g, 'x'),
        ]),
      );
      const { MONGODB_URI = '', REDIS_URL = '', REDIS_QUEUE_URL = '' } = given;
      expect(() => {
        requireGuarded({ STORES: 'guarded', MONGODB_URI, REDIS_URL, REDIS_QUEUE_URL });
      }, name).not.toThrow();
      expect(given['STORES'], name).toBeUndefined();
      // Used proofs and queues are where nothing is thrown away; the test above holds that one to it.
      expect(new URL(REDIS_QUEUE_URL).hostname).toBe('redis-queue');
      expect(volumes).toContain(`./stores/ca.crt:${given['STORES_CA_FILE'] ?? ''}:ro`);
    }
  });

  it('has MongoDB let in nobody in clear or without a password', () => {
    const { command = [], environment, volumes = [] } = services['mongo'] ?? {};
    for (const flag of ['--tlsMode=requireTLS', '--keyFile=/stores/mongo.key'])
      expect(command).toContain(flag);
    expect(environment?.['MONGO_INITDB_ROOT_PASSWORD_FILE']).toBe('/stores/mongo-root.password');
    const program = volumes.find((volume) => volume.includes('/docker-entrypoint-initdb.d/'))?.split(':')[0];
    expect(existsSync(join(DEPLOY, 'compose', program ?? 'none'))).toBe(true);
  });

  it('writes no password down', async () => {
    const text = await readFile(join(DEPLOY, 'compose/compose.yml'), 'utf8');
    for (const [, user] of text.matchAll(/:\/\/([^@\s/]*)@/g))
      expect(user).toMatch(/^\w*:\$\{\w+_PASSWORD:\?/);
  });

  it('holds no secret', () => {
    for (const [name, value] of Object.entries(example))
      if (name !== 'PUBLIC_URL') expect(value, name).toBe('');
  });
});

describe('nginx', () => {
  it('speaks in the words of the server', async () => {
    const said = [...(await nginx('problems.conf')).matchAll(/return (\d+) '(.+)';/g)];
    expect(said.length).toBe(8);
    for (const [, status, text = ''] of said) {
      const problem = problemSchema.parse(JSON.parse(text));
      expect(problem.status).toBe(Number(status));
      expect(problem.title).toBe(PROBLEM_TITLES[problem.code]);
      expect(problem.type).toBe(`urn:bianmin:problem:${problem.code}`);
    }
  });

  it('takes larger bodies than the server, so that it is the server that refuses', async () => {
    const most = Number.parseInt(await directive('http.conf', 'client_max_body_size'), 10) * 1024 * 1024;
    expect(most).toBeGreaterThan(BODY_LIMIT_BYTES);
  });

  it('waits for streams longer than they are silent, and lets old processes live as long as a stream', async () => {
    const site = await nginx('site.conf');
    const patience = timeMs(/stream\$ \{[^}]*proxy_read_timeout (\w+);/.exec(site)?.[1] ?? '');
    expect(patience).toBeGreaterThan(2 * HEARTBEAT_MS);
    expect(timeMs(await directive('nginx.conf', 'worker_shutdown_timeout'))).toBeGreaterThan(STREAM_LIFE_MS);
  });
});
