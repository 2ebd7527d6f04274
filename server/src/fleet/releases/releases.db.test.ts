import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE } from '@bianmin/shared/api/org';
import type { ReleaseOffer } from '@bianmin/shared/api/release-offer';
import { signRelease } from '@bianmin/shared/node/signed-release';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import {
  madePackage,
  madeRelease,
  releaseKeys,
  uploadRelease,
  type MadeRelease,
} from '../../testing/release-kit.ts';
import { SimulatedKiosk } from '../../testing/simulated-kiosk.ts';
import { createAudit } from '../../wiring/audit.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { importFolder } from './import.ts';
import { INSTALLED_WITHIN_MS } from './outcome.ts';
import { openReleases } from '../../wiring/releases.ts';
import { makeReleaseKey, signFolder } from './sign.ts';
import { staffMember } from '../../testing/staff-world.ts';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../../testing/web.ts';

const keys = releaseKeys();
const URUMQI = [PROVINCE, '650100'];
let on: TestWeb;
let folder: string;
let clock: ManualClock;
let token: string;
let kiosk: SimulatedKiosk;
let boxes: SimulatedKiosk[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'releases-'));
  clock = new ManualClock();
  const own = { RELEASE_DIR: folder, RELEASE_PUBLIC_KEY: keys.publicKey, RELEASE_BYTES_PER_S: 0 };
  on = await openTestWeb(own, clock);
  const login = await fetch(`${on.web.url}/v1/admin/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: ADMIN_PASSWORD }),
  });
  token = ((await login.json()) as { token: string }).token;
  const { terminals } = on.web.fleet;
  const made = { url: on.web.url, clock, terminals, orgPath: URUMQI };
  kiosk = await SimulatedKiosk.accepted(made);
  boxes = await Promise.all(
    Array.from({ length: 12 }, () => SimulatedKiosk.accepted({ ...made, kind: 'box' })),
  );
});
afterEach(async () => {
  await Promise.all(
    ['releases', 'rollouts', 'rollout_terminals'].map((name) => on.t.db.collection(name).deleteMany({})),
  );
  await Promise.all((await readdir(folder)).map((name) => rm(join(folder, name), { recursive: true })));
});
afterAll(async () => {
  await on.close();
  await rm(folder, { recursive: true });
});

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const isBytes = body instanceof Uint8Array;
  const answer = await fetch(`${on.web.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isBytes ? Uint8Array.from(body) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Uploads it and lets all have it. */
async function rolledOut(made: MadeRelease, rules: Record<string, unknown> = {}): Promise<void> {
  await uploadRelease(on.web.url, token, made);
  const { body } = await call('POST', '/v1/admin/rollouts', { ...rulesOf(made), ...rules });
  const where = { ip: '', traceId: '' };
  const id = String(body['id']);
  await on.web.access.approvals.decide({ id, checker: staffMember('second'), accept: true, where });
}

const rulesOf = ({ id }: MadeRelease): Record<string, unknown> => ({
  ...{ key: crypto.randomUUID(), release: id, org: PROVINCE, terminals: [], reason: 'a test' },
  stages: [{ permille: 1000, soakS: 0, successPermille: 900, next: 'approval' }],
  ...{ errorPermille: 50, leastBad: 2, faultFactor: 0, onErrors: 'stop' },
});

async function offered(made: MadeRelease): Promise<ReleaseOffer> {
  await rolledOut(made);
  const offer = await kiosk.ask();
  if (offer === undefined) throw new Error('Nothing was offered.');
  return offer;
}

const programOf = (made: MadeRelease): [string, Buffer] => [...made.files][0] ?? ['', Buffer.alloc(0)];

describe('what is uploaded', () => {
  it('must be signed by the release key, and not by another one, nor changed afterwards', async () => {
    const made = madeRelease(keys);
    const foreign = madeRelease(releaseKeys()).signed;
    const [header, , signature] = made.signed.split('.');
    const other = Buffer.from(JSON.stringify({ ...made.manifest, notes: 'changed' })).toString('base64url');
    for (const manifest of [foreign, `${header}.${other}.${signature}`, `${made.signed}A`, 'a.b.c']) {
      const { status, body } = await call('POST', '/v1/admin/releases', { manifest });
      expect([status, body['code']]).toEqual([422, 'release.unsigned']);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('has names and no paths, though they were signed', () => {
    const { manifest } = madeRelease(keys);
    for (const name of ['../latest.yml', '/etc/passwd', 'a/b', '.hidden', 'a\\b', 'latest-linux.yml/..']) {
      const files = manifest.files.map((file, no) => (no === 0 ? { ...file, name } : file));
      expect(() => signRelease({ ...manifest, files }, keys.privateKey)).toThrow();
    }
  });

  it('comes in pieces, goes on where it ended, and is ready when every file is the one that was signed', async () => {
    const made = madeRelease(keys, { bytes: 2_500_000 });
    const [name, program] = programOf(made);
    const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${name}?offset=`;
    const begun = await call('POST', '/v1/admin/releases', { manifest: made.signed });
    expect([begun.status, begun.body['state']]).toEqual([201, 'incomplete']);
    expect((await call('PUT', `${path}0`, program.subarray(0, 1000))).status).toBe(200);
    // The same piece again, after an answer that was lost: told where to go on.
    expect((await call('PUT', `${path}0`, program.subarray(0, 1000))).body['code']).toBe('release.bytes');
    const listed = await call('GET', '/v1/admin/releases');
    expect(listed.body).toMatchObject({
      on: true,
      releases: [{ files: [{ name, received: 1000 }, { received: 0 }] }],
    });
    expect((await call('PUT', `${path}1000`, Buffer.alloc(1_048_577))).body['code']).toBe(
      'request.too-large',
    );
    expect((await call('PUT', `${path.replace(name, 'other.exe')}0`, Buffer.of(1))).status).toBe(404);
    for (let offset = 1000; offset < program.length; offset += 1_000_000) {
      expect(
        (await call('PUT', `${path}${offset}`, program.subarray(offset, offset + 1_000_000))).status,
      ).toBe(200);
    }
    const [feed, yml] = [...made.files][1] ?? ['', Buffer.alloc(0)];
    const last = await call(
      'PUT',
      `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${feed}?offset=0`,
      yml,
    );
    expect(last.body['state']).toBe('ready');
    expect((await readdir(join(folder, 'kiosk-linux/1.1.0'))).sort()).toEqual([name, feed].sort());
    // Once more is the same release; another of the same version is none.
    expect((await call('POST', '/v1/admin/releases', { manifest: made.signed })).status).toBe(201);
    expect(
      (await call('POST', '/v1/admin/releases', { manifest: madeRelease(keys).signed })).body['code'],
    ).toBe('release.state');
  });

  it('that is not what was signed is thrown away', async () => {
    const made = madeRelease(keys);
    const [name, program] = programOf(made);
    const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${name}?offset=0`;
    await call('POST', '/v1/admin/releases', { manifest: made.signed });
    expect((await call('PUT', path, Buffer.alloc(program.length, 7))).body['code']).toBe('release.bytes');
    expect((await call('PUT', path, Buffer.concat([program, Buffer.of(0)]))).body['code']).toBe(
      'release.bytes',
    );
    expect(await readdir(join(folder, 'kiosk-linux/1.1.0'))).toEqual([]);
    expect((await call('PUT', path, program)).status).toBe(200);
  });
});

describe('on the command line', () => {
  it('a folder of the build is signed and taken in, and one whose feed does not fit it is not', async () => {
    const build = await mkdtemp(join(tmpdir(), 'build-'));
    const made = madeRelease(keys, { version: '1.4.0', bytes: 1_500_000 });
    for (const [name, content] of made.files) await writeFile(join(build, name), content);
    const [program] = programOf(made);
    await writeFile(join(build, `${program}.blockmap`), 'a map');
    const keyFile = join(build, 'key.pem');
    const publicKey = await makeReleaseKey(keyFile);
    await expect(makeReleaseKey(keyFile)).rejects.toMatchObject({ code: 'EEXIST' });
    const of = { folder: build, kind: 'kiosk-linux', keyFile, notes: 'quieter' } as const;
    const { files } = await signFolder(of);
    expect(files.map(({ name }) => name)).toEqual(['latest-linux.yml', program, `${program}.blockmap`]);
    const deps = { db: on.t.db, clock, log: watchedLog() };
    const { audit } = await createAudit({ ...deps, config: on.config });
    const config = { RELEASE_DIR: folder, RELEASE_PUBLIC_KEY: publicKey };
    const releases = await openReleases({ ...deps, config }, audit);
    if (releases === undefined) throw new Error('None are taken.');
    expect(await importFolder(releases, build)).toMatchObject({
      id: 'kiosk-linux@1.4.0',
      state: 'ready',
      by: 'command',
    });
    expect(await releases.servable('kiosk-linux@1.4.0')).toMatchObject({ manifest: { notes: 'quieter' } });
    await appendFile(join(build, program), 'x');
    await expect(signFolder(of)).rejects.toThrow('Build both again');
    await rm(build, { recursive: true });
  });

  it("a box's package is signed as the build described it", async () => {
    const build = await mkdtemp(join(tmpdir(), 'apk-'));
    const keyFile = join(build, 'key.pem');
    await makeReleaseKey(keyFile);
    const { manifest, files } = madePackage(keys);
    const [[name, content] = ['', Buffer.alloc(0)]] = [...files];
    await writeFile(join(build, name), content);
    const described = {
      ...{ versionCode: 2000, versionName: '0.2.0', file: name, signerSha256: 'ab'.repeat(32) },
      ...{ sha256: manifest.files[0]?.sha256, bytes: content.length },
    };
    await writeFile(join(build, 'release.json'), JSON.stringify(described));
    const signed = await signFolder({ folder: build, kind: 'box', keyFile, notes: '' });
    expect(signed).toEqual({ ...manifest, notes: '' });
    await appendFile(join(build, name), 'x');
    await expect(signFolder({ folder: build, kind: 'box', keyFile, notes: '' })).rejects.toThrow(
      'Build both again',
    );
    await rm(build, { recursive: true });
  });
});

describe('what is downloaded', () => {
  it('goes on after a cut, and is the file that was signed', async () => {
    const made = madeRelease(keys, { bytes: 700_000 });
    const [name, program] = programOf(made);
    const offer = await offered(made);
    expect(offer).toMatchObject({ version: '1.1.0', manifest: made.signed });
    const cut = await kiosk.fetch(offer, name);
    const etag = cut.headers.get('etag') ?? '';
    const reader = cut.body?.getReader();
    const first = Buffer.from((await reader?.read())?.value ?? []);
    await reader?.cancel();
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(program.length);
    const rest = await kiosk.fetch(offer, name, { range: `bytes=${first.length}-`, 'if-range': etag });
    expect(rest.status).toBe(206);
    const whole = Buffer.concat([first, Buffer.from(await rest.arrayBuffer())]);
    expect(createHash('sha512').update(whole).digest('base64')).toBe(made.manifest.files[0]?.sha512);
    // Of another file of this name, all of it would come.
    const other = await kiosk.fetch(offer, name, { range: 'bytes=10-', 'if-range': '"other"' });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, program.length]);
    const feed = await kiosk.fetch(offer, 'latest-linux.yml');
    expect(await feed.text()).toContain(`url: ${name}`);
  });

  it('is nothing else than the files of the release that the ticket is for', async () => {
    const offer = await offered(madeRelease(keys));
    for (const name of [
      'latest.yml',
      'release.json',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e',
      'latest-linux.yml.part',
    ]) {
      expect([400, 404]).toContain((await kiosk.fetch(offer, name)).status);
    }
    const ticket = offer.path.split('/')[2] ?? '';
    const changed = `${ticket.slice(0, -2)}${ticket.endsWith('AA') ? 'BB' : 'AA'}`;
    const forged = { ...offer, path: `/updates/${changed}/` };
    expect((await kiosk.fetch(forged, 'latest-linux.yml')).status).toBe(404);
    clock.jump(7 * 3_600_000);
    expect((await kiosk.fetch(offer, 'latest-linux.yml')).status).toBe(404);
  });

  it('is not served and not offered once it was changed on the disk', async () => {
    const made = madeRelease(keys);
    const [name, program] = programOf(made);
    const offer = await offered(made);
    const path = join(folder, 'kiosk-linux/1.1.0', name);
    await appendFile(path, 'x');
    expect((await kiosk.fetch(offer, name)).status).toBe(404);
    expect(await kiosk.ask()).toBeUndefined();
    // The same length, other bytes.
    await writeFile(path, Buffer.alloc(program.length, 1));
    expect((await kiosk.fetch(offer, name)).status).toBe(404);
    await writeFile(path, program);
    expect((await kiosk.fetch(offer, name)).status).toBe(200);
  });

  it('follows a link inside the folder, and none that leads out', async () => {
    const made = madeRelease(keys);
    const [name] = programOf(made);
    const offer = await offered(made);
    const path = join(folder, 'kiosk-linux/1.1.0', name);
    await rename(path, join(folder, name));
    await symlink(join(folder, name), path);
    expect((await kiosk.fetch(offer, name)).status).toBe(200);
    const outside = `${folder}.AppImage`;
    await rename(join(folder, name), outside);
    await rm(path);
    await symlink(outside, path);
    expect((await kiosk.fetch(offer, name)).status).toBe(404);
    await rm(outside);
  });

  it('is not served and not offered once the release was withdrawn', async () => {
    const made = madeRelease(keys);
    const offer = await offered(made);
    const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/withdraw`;
    expect((await call('POST', path, { reason: 'it does not start' })).body).toMatchObject({
      state: 'withdrawn',
    });
    expect(await kiosk.ask()).toBeUndefined();
    expect(await kiosk.ask({ version: '1.1.0', is: 'installing' })).toBeUndefined();
    expect((await kiosk.fetch(offer, 'latest-linux.yml')).status).toBe(404);
    const { body } = await call('GET', '/v1/admin/rollouts');
    expect(body['rollouts']).toMatchObject([{ state: 'stopped', moves: [{ cause: 'withdrawn' }, {}] }]);
  });

  it('is not offered where the database holds a manifest that nobody signed', async () => {
    const made = madeRelease(keys);
    await offered(made);
    const { signed } = madeRelease(releaseKeys());
    await on.t.db.collection('releases').updateMany({}, { $set: { signed } });
    expect(await kiosk.ask()).toBeUndefined();
  });
});

describe("a box's package", () => {
  const newest = async (): Promise<unknown> => {
    const answer = await fetch(`${on.web.url}/v1/box/release`);
    return answer.status === 204 ? undefined : answer.json();
  };

  it('comes to boxes that say who they are step by step, and they say what became of it', async () => {
    const made = madePackage(keys, '1.2.0');
    const [name, content] = programOf(made);
    const step = { permille: 400, soakS: 0, successPermille: 500, next: 'itself' };
    const stages = [step, { ...step, permille: 1000 }];
    await rolledOut(made, { stages, errorPermille: 300, leastBad: 2 });
    const asked = await Promise.all(boxes.map(async (box) => [box, await box.ask()] as const));
    const some = asked.flatMap(([box, offer]) => (offer === undefined ? [] : [{ box, offer }]));
    // By a hash of numbers that are drawn: all or none of twelve would be one in hundreds.
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(boxes.length);
    // Who cannot say who it is waits for the step that is everybody's.
    expect(await newest()).toBeUndefined();
    const [first] = some;
    if (first === undefined) throw new Error('Nobody was offered it.');
    const { box, offer } = first;
    expect(offer.box).toMatchObject({ versionCode: 2000, versionName: '1.2.0', file: name, bytes: 300_000 });
    const got = await box.fetch(offer, name, { range: 'bytes=100000-' });
    expect([got.status, Buffer.from(await got.arrayBuffer())]).toEqual([206, content.subarray(100_000)]);
    expect(await box.ask({ version: '1.2.0', is: 'installing' })).toBeDefined();
    // Its family has not said yes yet, where a kiosk would have failed: that is no failure.
    clock.jump(INSTALLED_WITHIN_MS + 1_000);
    expect(await box.ask()).toBeDefined();
    const counts = async (): Promise<unknown> => {
      const { body } = await call('GET', '/v1/admin/rollouts');
      return (body['rollouts'] as { counts: unknown }[])[0]?.counts;
    };
    expect(await counts()).toMatchObject({ taken: 1, failed: 0, missing: 0 });
    box.version = '1.2.0';
    expect(await box.ask()).toBeUndefined();
    expect(await counts()).toMatchObject({ installed: 1, taken: 0 });
    box.version = '1.0.0';
    // It is nothing for kiosks.
    expect(await kiosk.ask()).toBeUndefined();
  });

  it('is for all boxes, also those that cannot say who they are, at the last step, until it is halted or was changed', async () => {
    const made = madePackage(keys);
    const [name, content] = programOf(made);
    expect(await newest()).toBeUndefined();
    await rolledOut(made);
    const path = `/v1/box/release/${name}`;
    expect(await newest()).toMatchObject({ versionCode: 2000, versionName: '0.2.0', path, bytes: 300_000 });
    const got = await fetch(`${on.web.url}${path}`, { headers: { range: 'bytes=100000-' } });
    expect([got.status, Buffer.from(await got.arrayBuffer())]).toEqual([206, content.subarray(100_000)]);
    // It is nothing for kiosks.
    expect(await kiosk.ask()).toBeUndefined();
    await appendFile(join(folder, 'box/0.2.0', name), 'x');
    expect([await newest(), (await fetch(`${on.web.url}${path}`)).status]).toEqual([undefined, 404]);
    await writeFile(join(folder, 'box/0.2.0', name), content);
    expect(await newest()).toBeDefined();
    const [rollout] = (await call('GET', '/v1/admin/rollouts')).body['rollouts'] as { id: string }[];
    await call('POST', `/v1/admin/rollouts/${rollout?.id ?? ''}/pause`, { reason: 'a complaint' });
    expect(await newest()).toBeUndefined();
  });

  it('has one file, and what its installer is checked by', () => {
    const { manifest } = madePackage(keys);
    const { box, ...without } = manifest;
    expect(box).toBeDefined();
    const [file] = manifest.files;
    for (const wrong of [
      without,
      { ...manifest, kind: 'kiosk-linux' as const },
      {
        ...manifest,
        files: [...manifest.files, ...(file === undefined ? [] : [{ ...file, name: 'b.apk' }])],
      },
      { ...manifest, files: manifest.files.map((each) => ({ ...each, name: 'box.exe' })) },
    ]) {
      expect(() => signRelease(wrong, keys.privateKey)).toThrow();
    }
  });
});
