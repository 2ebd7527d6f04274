import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../../../server/src/config/config.ts';
import { DEPLOY, podOf, readManifests, type Probe } from './manifests.ts';

const ROOT = join(DEPLOY, '../../..');
const known = Object.keys(configSchema.shape);
const required = Object.entries(configSchema.shape)
  .filter(([, schema]) => !schema.safeParse(undefined).success)
  .map(([name]) => name);

const ingressRules = z.object({
  ingress: z
    .array(z.object({ from: z.unknown(), ports: z.array(z.object({ port: z.int() })).optional() }))
    .optional(),
});

const ingress = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()) }),
  spec: z.object({
    rules: z.array(z.object({ http: z.object({ paths: z.array(z.object({ path: z.string() })) }) })),
  }),
});

const networkPolicy = z.object({
  podSelector: z.unknown(),
  policyTypes: z.array(z.string()),
  egress: z.array(z.object({ to: z.array(z.unknown()), ports: z.array(z.unknown()) })).optional(),
});
/** What phones open, and where others find us; Redis is a pod beside ours. */
const AT_NOBODY = new Set([
  'PUBLIC_URL',
  'WECHAT_CONSENT_URL',
  'ALIPAY_CONSENT_URL',
  'REDIS_URL',
  'REDIS_QUEUE_URL',
]);

/** From a freeze right after a good answer to the last bad one, s. */
function longest(probe: Probe | undefined): number {
  const { periodSeconds = NaN, timeoutSeconds = NaN, failureThreshold = NaN } = probe ?? {};
  return Math.max(periodSeconds, timeoutSeconds) * failureThreshold + timeoutSeconds;
}

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
    const hidden = /SECRET|KEY|PASSWORD|MONGODB_URI|REDIS/;
    expect(Object.keys(config).filter((variable) => hidden.test(variable))).toEqual([]);
  });

  it('runs programs that are there', () => {
    const programs = pods
      .flatMap(({ pod }) => pod.containers)
      .filter(({ image }) => image === 'bianmin-server');
    expect(programs.length).toBe(6);
    for (const { args, env = [] } of programs) {
      const programs = args.filter((each) => each.endsWith('.ts'));
      expect(programs.length).toBeGreaterThan(0);
      for (const each of programs) expect(existsSync(join(ROOT, each)), each).toBe(true);
      for (const { name } of env) expect(known).toContain(name);
    }
  });

  it('lets nobody but who watches reach the measurements, which no service and no ingress has', async () => {
    const reaching = manifests
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .flatMap(({ spec }) => ingressRules.parse(spec).ingress ?? [])
      .filter(({ ports }) => ports?.some(({ port }) => port === 9090));
    expect(reaching.length).toBe(2);
    for (const { from } of reaching) expect(JSON.stringify(from)).toMatch(/^\[\{[^}]*monitoring"\}\}\}\]$/);
    for (const name of ['Deployment web', 'Deployment worker']) {
      const [container] = pods.find((found) => found.name === name)?.pod.containers ?? [];
      expect(
        container?.env?.map((each) => each.name),
        name,
      ).toEqual(['METRICS_PORT', 'METRICS_HOST']);
    }
    for (const file of ['ingress.yaml', 'web.yaml']) {
      const text = await readFile(join(DEPLOY, 'k8s', file), 'utf8');
      const served = parseAllDocuments(text)
        .map((document) => document.toJS() as { kind: string; spec: unknown })
        .filter(({ kind }) => kind === 'Service' || kind === 'Ingress');
      expect(JSON.stringify(served)).not.toMatch(/metrics|9090/);
    }
  });

  it('limits an address as nginx on a machine does, and the same places more', async () => {
    const read = (name: string): Promise<string> => readFile(join(DEPLOY, name), 'utf8');
    const [limits, site] = [await read('nginx/limits.conf'), await read('nginx/site.conf')];
    const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
    const connections = number(limits, /limit_conn bianmin_connections (\d+);/);
    const limitOf = (zone: string, text: string) => {
      const rate = number(limits, new RegExp(`zone=${zone}:\\w+ rate=(\\d+)r/s`));
      return { rate, burst: number(text, new RegExp(`zone=${zone} burst=(\\d+)`)), connections };
    };
    const ingresses = parseAllDocuments(await read('k8s/ingress.yaml')).map((document) =>
      ingress.parse(document.toJS()),
    );
    const all = limitOf('bianmin_requests', limits);
    const unproven = limitOf('bianmin_unproven', site);
    expect(all).toEqual({ rate: 200, burst: 600, connections: 1000 });
    for (const { metadata, spec } of ingresses) {
      const says = (name: string): number =>
        Number(metadata.annotations[`nginx.ingress.kubernetes.io/${name}`]);
      const rate = says('limit-rps');
      const said = {
        rate,
        burst: rate * says('limit-burst-multiplier'),
        connections: says('limit-connections'),
      };
      expect(said, metadata.name).toEqual(metadata.name === 'web-unproven' ? unproven : all);
      if (metadata.name !== 'web-unproven') continue;
      const place = /location ~ (\^\/v1\/\(admin\/.+\$) \{/.exec(site)?.[1] ?? '';
      const paths = spec.rules.flatMap(({ http }) => http.paths.map(({ path }) => path));
      expect(paths.filter((path) => !new RegExp(place).test(path))).toEqual([]);
      // Each branch of it is one path.
      expect(paths.length).toBe(6);
    }
    expect(ingresses.map(({ metadata }) => metadata.name)).toContain('web-unproven');
  });

  it('asks web whether it can serve, and restarts it only where it does not live', () => {
    const web = pods.find(({ name }) => name === 'Deployment web')?.pod;
    const [container] = web?.containers ?? [];
    expect(container?.readinessProbe).toMatchObject({ httpGet: { path: '/readyz' } });
    expect(longest(container?.readinessProbe)).toBeLessThan(3);
    expect(container?.livenessProbe?.httpGet?.path).toBe('/healthz');
    expect(longest(container?.livenessProbe)).toBeLessThan(45);
    const graceMs = (web?.terminationGracePeriodSeconds ?? 0) * 1000;
    expect(graceMs).toBeGreaterThan(Number(config['DRAIN_MS']) + 20_000);
    expect(config['TRUSTED_PROXIES']).toBe('1');
  });

  it('gives every process of ours what the stores’ certificates are judged by', () => {
    expect(config['STORES']).toBeUndefined();
    const path = config['STORES_CA_FILE'] ?? '';
    for (const { name, pod } of pods) {
      for (const { image, volumeMounts } of pod.containers) {
        if (image !== 'bianmin-server') continue;
        expect(volumeMounts, name).toContainEqual(
          expect.objectContaining({ name: 'stores-ca', mountPath: path.slice(0, path.lastIndexOf('/')) }),
        );
      }
    }
  });

  it('keeps queues and used proofs where nothing is thrown away, and both Redis behind TLS and passwords', () => {
    const redis = pods.flatMap(({ name, pod }) =>
      pod.containers
        .filter(({ args }) => args[0] === 'redis-server')
        .map(({ args }) => [name, args.join(' ')]),
    );
    expect(redis.map(([name]) => name)).toEqual(['StatefulSet redis-queue', 'Deployment redis-cache']);
    for (const [, args] of redis) expect(args).toMatch(/--port 0 --tls-port 6379 .*--aclfile /);
    expect(redis[0]?.[1]).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
  });

  it('lets nothing out but to what it names, by port', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    const all = networkPolicy.parse(named('NetworkPolicy', 'nothing-in-or-out')?.spec);
    expect(all).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const out = policies.filter(({ metadata }) => metadata?.name.startsWith('out-'));
    expect(out.length).toBeGreaterThan(4);
    for (const { metadata, spec } of out) {
      const { policyTypes, egress = [] } = networkPolicy.parse(spec);
      expect(policyTypes, metadata?.name).toEqual(['Egress']);
      // A rule without addresses or ports is a rule for all of them.
      for (const { to, ports } of egress) expect([to.length > 0, ports.length > 0]).toEqual([true, true]);
    }
    // Whoever is asked by default, and every variable that names somebody, is told of where one looks for it.
    const told = out
      .map(({ metadata }) => metadata?.annotations?.['bianmin/names'] ?? '')
      .join(' ')
      .split(/\s+/);
    const addresses = known.filter(
      (name) => /_(URL|URI|GATEWAY|ENDPOINT)$/.test(name) && !AT_NOBODY.has(name),
    );
    expect(
      told
        .map((each) => each.split('=')[0])
        .filter((name) => name !== '')
        .toSorted(),
    ).toEqual(addresses.toSorted());
    for (const each of told) {
      const [name = '', host] = each.split('=');
      const usual = configSchema.shape[name as keyof typeof configSchema.shape]?.safeParse(undefined).data;
      expect(typeof usual === 'string' ? new URL(usual).hostname : undefined, name).toBe(host);
    }
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
    // What its workspace needs comes along.
    const there = new Set([...(await read('server')), ...(await read('shared/purchase'))]);
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
