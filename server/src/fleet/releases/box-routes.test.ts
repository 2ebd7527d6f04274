import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { boxRelease, type BoxReleaseManifest } from '@bianmin/purchase/api/box-release';
import { problemSchema } from '@bianmin/purchase/api/problem';
import type { BoxPackage } from './box-packages.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { serve } from '../../testing/app.ts';
import { testConfig } from '../../testing/config.ts';
import { memoryLimiter } from '../../testing/memory-limiter.ts';
import { createApp } from '../../web/app.ts';
import { boxRoutes } from './box-routes.ts';

const NAME = 'bianmin-box-0.2.0.apk';
const PACKAGE = randomBytes(300_000);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const MANIFEST: BoxReleaseManifest = {
  versionCode: 2000,
  versionName: '0.2.0',
  file: NAME,
  sha256: sha256(PACKAGE),
  signerSha256: 'ab'.repeat(32),
  bytes: PACKAGE.length,
};

/** Passed on as it is. */
const SIGNED = '{"payload":"e30","signatures":[]}';

let folder: string;
let app: { url: string; close: () => Promise<void> };
let published: BoxPackage | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'box-release-'));
  published = undefined;
  app = await serve(
    createApp({
      deps: { log: pino({ level: 'silent' }), config: testConfig() },
      routes: boxRoutes({ time: undefined, packages: { current: () => Promise.resolve(published) } }),
      authenticators: {
        terminal: () => Promise.reject(new Error('Nobody is.')),
        admin: () => Promise.reject(new Error('Nobody is.')),
      },
      limiter: memoryLimiter(new ManualClock()),
      metrics: createMetrics({ defaults: false }),
    }),
  );
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function publish(manifest = MANIFEST, bytes: Uint8Array = PACKAGE): Promise<void> {
  await writeFile(join(folder, NAME), bytes);
  published = { ...manifest, folder, manifest: SIGNED };
}

const newest = (): Promise<Response> => fetch(`${app.url}/v1/box/release`);
const packageOf = (headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(`${app.url}/v1/box/release/${NAME}`, { headers, method });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

/** As it is written: `fetch` would tidy the path, and forbid what is cached. */
function statusOf(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(app.url, { path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('the newest release', () => {
  it('is told as the box is to read it', async () => {
    await publish();
    const response = await newest();
    const { file, ...about } = MANIFEST;
    expect(boxRelease.parse(await response.json())).toEqual({
      ...about,
      ...{ path: `/v1/box/release/${file}`, manifest: SIGNED },
    });
  });

  it('is none where none is meant for boxes', async () => {
    expect([(await newest()).status, (await packageOf()).status]).toEqual([204, 404]);
    await publish();
    expect([(await newest()).status, (await packageOf()).status]).toEqual([200, 200]);
  });
});

describe('the package', () => {
  it('comes whole, with its length and an ETag of its bytes', async () => {
    await publish();
    const response = await packageOf();
    const { headers } = response;
    expect(await bytesOf(response)).toEqual(PACKAGE);
    expect(headers.get('content-type')).toBe('application/vnd.android.package-archive');
    expect(headers.get('content-length')).toBe(String(PACKAGE.length));
    expect(headers.get('accept-ranges')).toBe('bytes');
    expect(headers.get('etag')).toBe(`"${MANIFEST.sha256}"`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const known = { 'If-None-Match': `"${MANIFEST.sha256}"` };
    expect(await statusOf(`/v1/box/release/${NAME}`, known)).toBe(304);
  });

  it('comes in parts', async () => {
    await publish();
    for (const [range, from, to] of [
      ['bytes=100000-', 100_000, 300_000],
      ['bytes=0-0', 0, 1],
      ['bytes=10-19', 10, 20],
      ['bytes=-5', 299_995, 300_000],
      ['bytes=299999-400000', 299_999, 300_000],
    ] as const) {
      const response = await packageOf({ Range: range });
      expect([response.status, response.headers.get('content-range')], range).toEqual([
        206,
        `bytes ${from}-${to - 1}/300000`,
      ]);
      expect(await bytesOf(response), range).toEqual(PACKAGE.subarray(from, to));
    }
  });

  it('comes whole where the part that is there was of another, or the range is none', async () => {
    await publish();
    for (const headers of [
      { Range: 'bytes=10-', 'If-Range': `"${'0'.repeat(64)}"` },
      { Range: 'bytes=10-', 'If-Range': new Date().toUTCString() },
      { Range: 'lines=1-2' },
      { Range: 'bytes=0-1,5-6' },
    ]) {
      const response = await packageOf(headers);
      expect([response.status, (await bytesOf(response)).length]).toEqual([200, PACKAGE.length]);
    }
    const same = await packageOf({ Range: 'bytes=10-', 'If-Range': `"${MANIFEST.sha256}"` });
    expect([same.status, (await bytesOf(same)).length]).toEqual([206, PACKAGE.length - 10]);
  });

  it('has no part behind its end, and says how long it is', async () => {
    await publish();
    for (const headers of [{ Range: 'bytes=300000-' }, { 'If-Match': '"another"' }]) {
      const response = await packageOf(headers);
      expect([response.status, problemSchema.parse(await response.json()).code]).toEqual([
        416,
        'request.range',
      ]);
      expect([response.headers.get('etag'), response.headers.get('cache-control')]).toEqual([
        null,
        'no-store',
      ]);
    }
    const behind = await packageOf({ Range: 'bytes=300000-' });
    expect(behind.headers.get('content-range')).toBe('bytes */300000');
  });

  it('can be asked for without its bytes', async () => {
    await publish();
    const response = await packageOf({}, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '300000']);
    expect((await bytesOf(response)).length).toBe(0);
    expect((await packageOf({}, 'POST')).status).toBe(405);
  });

  it('is the only file that there is', async () => {
    await publish();
    await writeFile(join(folder, 'other.apk'), 'x');
    for (const path of [
      'other.apk',
      'release.json',
      '..%2Fserver.apk',
      '%2e%2e/release',
      `./${NAME}`,
      `${NAME}%00.apk`,
      `data/${NAME}`,
      '%E0%A4%A.apk',
    ]) {
      expect([400, 404], path).toContain(await statusOf(`/v1/box/release/${path}`));
    }
  });

  it('ends for a box that goes away in the middle, and is there for the next', async () => {
    const large = randomBytes(8 << 20);
    await publish({ ...MANIFEST, bytes: large.length, sha256: sha256(large) }, large);
    const abort = new AbortController();
    const { body } = await fetch(`${app.url}/v1/box/release/${NAME}`, { signal: abort.signal });
    await body?.getReader().read();
    abort.abort();
    expect(sha256(await bytesOf(await packageOf()))).toBe(sha256(large));
  });
});
