import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boxRelease, type BoxReleaseManifest } from '@bianmin/shared/api/box-release';
import { problemSchema } from '@bianmin/shared/api/problem';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { BoxReleases } from '../../box-release/releases.ts';
import { createMetrics } from '../../metrics.ts';
import { serve } from '../../testing/app.ts';
import { testConfig } from '../../testing/config.ts';
import { memoryLimiter } from '../../testing/memory-limiter.ts';
import { createApp } from '../app.ts';
import { boxRoutes } from './box.ts';

const NAME = 'bianmin-box-0.2.0.apk';
const PACKAGE = randomBytes(300_000);
const faultLine = z.object({ err: z.object({ code: z.string() }) });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const MANIFEST: BoxReleaseManifest = {
  versionCode: 2000,
  versionName: '0.2.0',
  file: NAME,
  sha256: sha256(PACKAGE),
  signerSha256: 'ab'.repeat(32),
  bytes: PACKAGE.length,
};

let folder: string;
let app: { url: string; close: () => Promise<void> };
let faults: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'box-release-'));
  faults = [];
  const log = pino(
    { level: 'error' },
    { write: (line) => faults.push(faultLine.parse(JSON.parse(line)).err.code) },
  );
  app = await serve(
    createApp({
      deps: { log: pino({ level: 'silent' }), config: testConfig() },
      routes: boxRoutes({ time: undefined, releases: new BoxReleases({ folder, log }) }),
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

async function publish(manifest: unknown = MANIFEST, bytes: Uint8Array = PACKAGE): Promise<void> {
  await writeFile(join(folder, NAME), bytes);
  await writeFile(join(folder, 'release.json'), JSON.stringify(manifest));
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
    expect(boxRelease.parse(await response.json())).toEqual({ ...about, path: `/v1/box/release/${file}` });
    expect(faults).toEqual([]);
  });

  it('is none where nothing was published, and appears without a start', async () => {
    expect([(await newest()).status, (await packageOf()).status]).toEqual([204, 404]);
    await publish();
    expect([(await newest()).status, (await packageOf()).status]).toEqual([200, 200]);
    expect(faults).toEqual(['release.no-manifest']);
  });

  it('is none, for reasons in the log, where the folder is not as agreed', async () => {
    const cases: [string, unknown, Uint8Array?][] = [
      ['release.bad-manifest', { ...MANIFEST, versionCode: 0 }],
      ['release.bad-manifest', { ...MANIFEST, more: 1 }],
      ['release.bad-manifest', { ...MANIFEST, file: '../server/.env.apk' }],
      ['release.bad-manifest', { ...MANIFEST, file: '.hidden.apk' }],
      ['release.bad-manifest', { ...MANIFEST, bytes: 65 << 20 }],
      ['release.bad-manifest', 'no object'],
      ['release.no-package', { ...MANIFEST, file: 'another.apk' }],
      ['release.other-length', MANIFEST, PACKAGE.subarray(1)],
      ['release.other-bytes', { ...MANIFEST, sha256: '0'.repeat(64) }],
    ];
    for (const [code, manifest, bytes] of cases) {
      faults = [];
      await publish(manifest, bytes);
      expect([(await newest()).status, (await packageOf()).status, faults], code).toEqual([204, 404, [code]]);
    }
    await writeFile(join(folder, 'release.json'), '{"versionCode": 2');
    expect((await newest()).status).toBe(204);
  });

  it('is withdrawn when its package is changed, also to one as long and as old', async () => {
    await publish();
    await utimes(join(folder, NAME), 1, 1);
    expect((await newest()).status).toBe(200);
    const other = Buffer.from(PACKAGE);
    other[150_000] = (other[150_000] ?? 0) ^ 1;
    await writeFile(join(folder, NAME), other);
    await utimes(join(folder, NAME), 1, 1);
    expect([(await newest()).status, (await packageOf()).status]).toEqual([204, 404]);
    expect(faults).toEqual(['release.other-bytes']);
    await publish();
    expect((await newest()).status).toBe(200);
  });

  it('is read once, however many ask', async () => {
    let read = 0;
    const silent = { error: () => undefined, info: () => void (read += 1) };
    await publish();
    const releases = new BoxReleases({ folder, log: silent });
    const all = await Promise.all(Array.from({ length: 50 }, () => releases.current()));
    await releases.current();
    expect([read, new Set(all.map((each) => each?.sha256))]).toEqual([1, new Set([MANIFEST.sha256])]);
  });

  it('follows a link inside the folder, and none that leads out', async () => {
    await publish();
    await mkdir(join(folder, 'data'));
    await rename(join(folder, NAME), join(folder, 'data', NAME));
    await symlink(join('data', NAME), join(folder, NAME));
    expect((await newest()).status).toBe(200);
    const outside = `${folder}.apk`;
    await rename(join(folder, 'data', NAME), outside);
    await rm(join(folder, NAME));
    await symlink(outside, join(folder, NAME));
    expect([(await newest()).status, (await packageOf()).status]).toEqual([204, 404]);
    await rm(outside);
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
