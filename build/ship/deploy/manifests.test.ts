import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '@bianmin/shared/api/problem';
import { configSchema } from '../../../server/src/config/config.ts';
import { BODY_LIMIT_BYTES } from '../../../server/src/web/body.ts';
import { HAND_BACK_HEADER } from '../../../server/src/web/drain.ts';
import { PROBLEM_TITLES } from '../../../server/src/kernel/problem-titles.ts';
import { HEARTBEAT_MS, STREAM_LIFE_MS } from '../../../server/src/orders/desk/order-stream.ts';
import { nodeEnvironment } from '../../run/dev/nginx.ts';
import { DEPLOY, podOf, readCompose, readEnvironment, readManifests } from './manifests.ts';

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
/** Idle connections to web are gone by then. */
const idleMs = async (): Promise<number> => timeMs(await directive('upstream.conf', 'keepalive_timeout'));
const partOf = (command: string | string[] | undefined): string =>
  (typeof command === 'string' ? command : command?.[0]) ?? 'server/src/main-web.ts';

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
    ]);
    for (const [, program = ''] of programs) expect(existsSync(join(ROOT, program)), program).toBe(true);
    for (const [name, { depends_on: after, read_only: sealed }] of ours) {
      expect(sealed, name).toBe(true);
      if (name !== 'migrate') expect(after?.['migrate']?.condition).toBe('service_completed_successfully');
    }
  });

  it('leaves web the time to end, which is longer than nginx keeps idle connections to it', async () => {
    for (const [name, { environment, stop_grace_period: grace = '' }] of ours) {
      const drainMs = Number(environment?.['DRAIN_MS'] ?? 0);
      // main-web.ts gives up 20 s after it.
      expect(timeMs(grace), name).toBeGreaterThan(drainMs + 20_000);
      if (!name.startsWith('web')) continue;
      expect(drainMs).toBeGreaterThan(await idleMs());
      expect(environment?.['TRUSTED_PROXIES']).toBe('1');
    }
    expect(Number(nodeEnvironment('redis://x')['DRAIN_MS'])).toBeGreaterThan(await idleMs());
  });

  it('has web where nginx looks for it, and nothing else within reach', async () => {
    const conf = await readFile(join(DEPLOY, 'compose/nginx.conf'), 'utf8');
    const addresses = [...conf.matchAll(/^\s*server ([\d.]+):8080 /gm)].map((match) => match[1]);
    const given = ['web-1', 'web-2'].map((name) => {
      const networks = services[name]?.networks;
      return Array.isArray(networks) ? undefined : networks?.['front']?.ipv4_address;
    });
    expect(addresses).toEqual(given);
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['nginx']);
  });

  it('keeps queues on disk and throws none away, and the cache nowhere', () => {
    const flags = (name: string): string => {
      const command = services[name]?.command;
      return Array.isArray(command) ? command.join(' ') : '';
    };
    expect(flags('redis-queue')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    expect(flags('redis-cache')).toMatch(/--appendonly no .*--maxmemory-policy volatile-ttl/);
  });

  it('holds no secret', () => {
    for (const [name, value] of Object.entries(example))
      if (name !== 'PUBLIC_URL') expect(value, name).toBe('');
  });
});

describe('Kubernetes', async () => {
  const manifests = await readManifests();
  const named = (kind: string, name: string) =>
    manifests.find((found) => found.kind === kind && found.metadata?.name === name);
  const config = named('ConfigMap', 'bianmin-server')?.data ?? {};
  const secret = named('Secret', 'bianmin-server')?.stringData ?? {};
  const pods = manifests.flatMap((found) => {
    const pod = podOf(found);
    return pod === undefined ? [] : [{ name: `${found.kind} ${found.metadata?.name ?? ''}`, pod }];
  });

  it('gives the server what it knows, all that it must have, and no secret where one does not belong', () => {
    const given = [...Object.keys(config), ...Object.keys(secret)];
    expect(given.filter((variable) => !known.includes(variable))).toEqual([]);
    expect(required.filter((variable) => !given.includes(variable))).toEqual([]);
    expect(Object.values(secret).join('')).toBe('');
    const hidden = /SECRET|KEY|PASSWORD|MONGODB_URI/;
    expect(Object.keys(config).filter((variable) => hidden.test(variable))).toEqual([]);
  });

  it('runs programs that are there', () => {
    const programs = pods
      .flatMap(({ pod }) => pod.containers)
      .filter(({ image }) => image === 'bianmin-server');
    expect(programs.length).toBe(5);
    for (const { args, env = [] } of programs) {
      expect(existsSync(join(ROOT, args[0] ?? '')), args[0]).toBe(true);
      for (const { name } of env) expect(known).toContain(name);
    }
  });

  it('asks web whether it can serve, and restarts it only where it does not live', () => {
    const web = pods.find(({ name }) => name === 'Deployment web')?.pod;
    const [container] = web?.containers ?? [];
    expect(container?.readinessProbe?.httpGet?.path).toBe('/readyz');
    expect(container?.livenessProbe?.httpGet?.path).toBe('/healthz');
    const graceMs = (web?.terminationGracePeriodSeconds ?? 0) * 1000;
    expect(graceMs).toBeGreaterThan(Number(config['DRAIN_MS']) + 20_000);
    expect(config['TRUSTED_PROXIES']).toBe('1');
  });

  it('applies every file but the template of the secret', async () => {
    const text = await readFile(join(DEPLOY, 'k8s/kustomization.yaml'), 'utf8');
    const { resources } = parse(text) as { resources: string[] };
    const files = (await readdir(join(DEPLOY, 'k8s'))).filter(
      (name) => name !== 'kustomization.yaml' && name !== 'secret.example.yaml',
    );
    expect([...resources].sort()).toEqual(files.sort());
  });

  it('has a budget for whatever there is two of', () => {
    for (const part of ['web', 'worker']) expect(named('PodDisruptionBudget', part), part).toBeDefined();
  });
});

describe('the images', () => {
  it('copy what is there', async () => {
    const text = await readFile(join(DEPLOY, 'docker/Dockerfile'), 'utf8');
    const sources = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(sources.length).toBeGreaterThan(10);
    for (const source of sources) expect(existsSync(join(ROOT, source)), source).toBe(true);
    // Where web looks for its pages.
    for (const folder of ['server/admin', 'server/payer', 'stb-app/portal']) {
      expect(text).toContain(`COPY --from=pages /src/${folder}/dist ${folder}/dist`);
    }
  });

  it('have the packages that the server asks for', async () => {
    const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
    const read = async (workspace: string): Promise<string[]> =>
      Object.keys(
        manifest.parse(JSON.parse(await readFile(join(ROOT, workspace, 'package.json'), 'utf8')))
          .dependencies,
      );
    // What shared needs comes along.
    const there = new Set([...(await read('server')), ...(await read('shared'))]);
    const folder = join(ROOT, 'server/src');
    const files = (await readdir(folder, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'),
    );
    const asked = new Set<string>();
    for (const name of files) {
      const text = await readFile(join(folder, name), 'utf8');
      for (const match of text.matchAll(
        /^(?:import|export) (?!type )[^;]*?from '((?:@[\w-]+\/)?[\w-]+)[^']*';/gm,
      )) {
        asked.add(match[1] ?? '');
      }
    }
    asked.delete('node');
    expect(asked.size).toBeGreaterThan(10);
    expect([...asked].filter((name) => !there.has(name))).toEqual([]);
  });

  it('are not root, and hold no variable that is a secret', async () => {
    const text = await readFile(join(DEPLOY, 'docker/Dockerfile'), 'utf8');
    const server = text.slice(text.indexOf(' AS server'));
    expect(server).toMatch(/^USER 1000:1000$/m);
    expect(text).not.toMatch(/^(ENV|ARG) .*(SECRET|KEY|PASSWORD)/m);
    expect(await readFile(join(DEPLOY, 'docker/Dockerfile.dockerignore'), 'utf8')).toMatch(
      /^\*\*\/\*\.env$/m,
    );
  });
});

describe('nginx', () => {
  it('speaks in the words of the server', async () => {
    const said = [...(await nginx('problems.conf')).matchAll(/return (\d+) '(.+)';/g)];
    expect(said.length).toBe(3);
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

  it('names the header by which web hands back', async () => {
    expect(await nginx('proxy.conf')).toContain(`proxy_set_header ${HAND_BACK_HEADER} 1;`);
  });
});
