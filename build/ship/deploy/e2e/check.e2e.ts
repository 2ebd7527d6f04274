import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCommand } from '../../../bootstrap/machine.mjs';
import { runToEnd } from '../../../kit/process/run-to-end.ts';
import { ensureCheckers, ensureKubeconform } from '../check/tools.ts';
import { readEnvironment } from '../manifests.ts';
import { selfSigned } from './self-signed.ts';

const DEPLOY = join(import.meta.dirname, '..');
const [checkers, kubeconform] = await Promise.all([ensureCheckers(), ensureKubeconform()]);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-check-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.skipIf(kubeconform === undefined || checkers === undefined)('the Kubernetes manifests', () => {
  const conform = (...files: string[]) =>
    runToEnd(kubeconform ?? '', [
      ...['-strict', '-summary', '-schema-location'],
      `${checkers?.schemas ?? ''}/{{ .ResourceKind }}{{ .KindSuffix }}.json`,
      ...files,
    ]);

  it('fit the schemas of Kubernetes, each of them', async () => {
    const names = (await readdir(join(DEPLOY, 'k8s'))).filter((name) => name !== 'kustomization.yaml');
    const { code, output } = await conform(...names.map((name) => join(DEPLOY, 'k8s', name)));
    expect(output).toMatch(/Valid: [1-9]\d*, Invalid: 0, Errors: 0, Skipped: 0/);
    expect(code).toBe(0);
  });

  it('are told where they do not fit', async () => {
    const text = await readFile(join(DEPLOY, 'k8s/worker.yaml'), 'utf8');
    const broken = join(dir, 'worker.yaml');
    await writeFile(broken, text.replace('replicas: 2', 'replica: 2'));
    const { code, output } = await conform(broken);
    expect(output).toMatch(/'replica'/);
    expect(code).toBe(1);
  });
});

describe.skipIf(checkers === undefined)('the Dockerfile', () => {
  it('is as hadolint wants it', async () => {
    const { output } = await runToEnd(checkers?.hadolint ?? '', [join(DEPLOY, 'docker/Dockerfile')]);
    expect(output).toBe('');
  });
});

describe("HAProxy's file", () => {
  it('is taken by HAProxy, with the variables of a machine', async () => {
    const env = { ...process.env, ...(await readEnvironment('haproxy/haproxy.env')) };
    const args = ['-c', '-f', join(DEPLOY, 'haproxy/bianmin.cfg')];
    const { code, output } = await runToEnd(findCommand('haproxy') ?? 'haproxy', args, { env });
    expect(output).toMatch(/Configuration file is valid/);
    expect(output).not.toMatch(/WARNING|ALERT/);
    expect(code).toBe(0);
  });
});

describe("nginx's main files", () => {
  it.each(['nginx/nginx.conf', 'compose/nginx.conf'])('%s is taken by nginx', async (file) => {
    const prefix = await mkdtemp(join(dir, 'nginx-'));
    await cp(join(DEPLOY, 'nginx'), join(prefix, 'bianmin'), { recursive: true });
    await selfSigned(prefix);
    const here = (text: string): string =>
      text
        .replaceAll('/etc/nginx/tls', prefix)
        .replaceAll('/var/log/nginx', prefix)
        .replace('/run/nginx.pid', join(prefix, 'nginx.pid'));
    const tls = join(prefix, 'bianmin/server-tls.conf');
    await writeFile(tls, here(await readFile(tls, 'utf8')));
    await writeFile(join(prefix, 'nginx.conf'), here(await readFile(join(DEPLOY, file), 'utf8')));
    const args = ['-t', '-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr'];
    const { code, output } = await runToEnd(findCommand('nginx') ?? 'nginx', args);
    expect(output).toMatch(/test is successful/);
    expect(output).not.toMatch(/\[warn\](?!.*"user" directive)/);
    expect(code).toBe(0);
  });
});
