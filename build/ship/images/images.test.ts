import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, IMAGES, pin, unpinned } from './images.ts';

const DEPLOY = join(import.meta.dirname, '../deploy');
const DIGEST = `sha256:${'ab'.repeat(32)}`;
let registry: Server;
let asked: string[];
let api: string;
let folder: string;

beforeAll(async () => {
  registry = createServer((request, response) => {
    const { url = '', headers } = request;
    asked.push(`${request.method ?? ''} ${url}`);
    if (url.startsWith('/token')) return void response.end(JSON.stringify({ token: 'a token' }));
    const known = url.startsWith('/v2/library/') && headers.authorization === 'Bearer a token';
    response.writeHead(known ? 200 : 401, known ? { 'docker-content-digest': DIGEST } : {}).end();
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
});
afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  rmSync(folder ?? '/nonexistent', { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), 'images-'));
  mkdirSync(join(folder, 'k8s'));
  for (const file of ['images.env', 'k8s/kustomization.yaml']) cpSync(join(DEPLOY, file), join(folder, file));
});

describe('images of others', () => {
  it('are pinned by asking the registry, once more as well, and checked', async () => {
    const on = { api, tokens: `${api}/token?service=x` };
    const before = readFileSync(join(folder, 'k8s/kustomization.yaml'), 'utf8');
    for (const each of [1, 2]) {
      const pinned = await pin(folder, on);
      expect(pinned.NODE_IMAGE, String(each)).toBe(`${IMAGES.NODE_IMAGE}@${DIGEST}`);
      const left = await unpinned(folder);
      expect(left.filter((sentence) => !sentence.includes('bianmin-server'))).toEqual([]);
    }
    expect(asked).toContain('GET /token?service=x&scope=repository:library/redis:pull');
    expect(asked).toContain('HEAD /v2/library/mongo/manifests/8.0');
    const after = readFileSync(join(folder, 'k8s/kustomization.yaml'), 'utf8');
    expect(after.split('images.invalid/redis').length).toBe(2);
    expect(after.replace(/ {2}- name: images\.invalid\/redis[^-]*/, '').trim()).toBe(
      before.replace(/ {2}- name: images\.invalid\/redis[^-]*/, '').trim(),
    );
  });

  it('are not taken from a registry that does not say what they are', async () => {
    await expect(digestOf('node:24', { api })).rejects.toThrow('does not say what node:24 is (401)');
  });

  it('are named by digest wherever something is built or started, or it stops and says how', async () => {
    const dockerfile = await readFile(join(DEPLOY, 'docker/Dockerfile'), 'utf8');
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((each) => each[1] ?? '');
    expect(bases.length).toBeGreaterThan(3);
    for (const base of bases) {
      const variable = /^\$\{(\w+)\}$/.exec(base)?.[1] ?? '';
      expect(Object.keys(IMAGES), base).toContain(variable);
      // Without a value of its own: an empty one is no image.
      expect(dockerfile).toMatch(new RegExp(`^ARG ${variable}$`, 'm'));
    }
    const compose = await readFile(join(DEPLOY, 'compose/compose.yml'), 'utf8');
    const images = [...compose.matchAll(/(?:image|_IMAGE): (?:&\w+ )?(\S.*)$/gm)].map(
      (each) => each[1] ?? '',
    );
    expect(images.length).toBeGreaterThan(5);
    for (const image of images) {
      expect(image).toMatch(
        /^(?:bianmin-\w+:\$\{BIANMIN_VERSION:-latest\}|'?\$\{[A-Z]+_IMAGE:\?[^}]*npm run images -- pin[^}]*\}'?)$/,
      );
    }
    for (const name of await readdir(join(DEPLOY, 'k8s'))) {
      const text = await readFile(join(DEPLOY, 'k8s', name), 'utf8');
      for (const [, image = ''] of text.matchAll(/^\s+image: (\S+)$/gm)) {
        expect(['bianmin-server', 'images.invalid/redis'], `${name}: ${image}`).toContain(image);
      }
    }
  });
});
