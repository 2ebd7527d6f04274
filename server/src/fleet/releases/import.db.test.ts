import { importFolder } from './import.ts';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { openLayouts } from '@bianmin/purchase/node/signed-layouts';
import { openRelease } from '@bianmin/purchase/node/signed-release';
import { madePackage, madeRelease } from '../../testing/release-kit.ts';
import { createAudit } from '../../wiring/audit.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { openReleases } from '../../wiring/releases.ts';
import { beginRoot, countersign, readRoots } from './countersign.ts';
import { FORMER_NAME, signFolder, signFormer, signLayoutsFile, SIGNED_NAME } from './sign.ts';
import { makeSignerKey, type Signing } from './signing.ts';
import { programOf, ReleaseWorld, SIGNERS } from '../../testing/release-world.ts';

const DAY_MS = 86_400_000;
let house: ReleaseWorld;
beforeAll(async () => {
  house = await ReleaseWorld.open();
});
afterAll(() => house.close());
afterEach(() => house.clear());

/** A build's folder, beside three persons with a key each and the root that they have made. */
let build: string;
let people: string;
let chain: string;
/** Files of secret halves, and public halves. */
let keys: { file: string; signer: string }[];

beforeEach(async () => {
  build = await mkdtemp(join(tmpdir(), 'build-'));
  people = await mkdtemp(join(tmpdir(), 'people-'));
  chain = join(people, 'roots.jsonl');
  keys = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) => {
      const file = join(people, `${name}.pem`);
      return { file, signer: await makeSignerKey(file) };
    }),
  );
  await makeRoot([0, 1, 2], [0, 1]);
});
afterEach(() => Promise.all([build, people].map((folder) => rm(folder, { recursive: true }))));

const keyFile = (no: number): string => keys[no]?.file ?? '';
const signingBy = async (no: number): Promise<Signing> => {
  const root = await readRoots(chain);
  return { keyFile: keyFile(no), days: 90, now: house.clock.now(), ...(root === undefined ? {} : { root }) };
};
const addBy = (no: number, path: string, now = house.clock.now()) =>
  countersign(path, { chain, keyFile: keyFile(no), now });

/** The next root of these people, as those others sign it. */
async function makeRoot(of: readonly number[], by: readonly number[]): Promise<void> {
  const signers = of.map((no) => keys[no]?.signer ?? '');
  const [first = 0, ...rest] = by;
  const now = house.clock.now();
  await beginRoot(chain, { signers, threshold: 2 }, { keyFile: keyFile(first), days: 1100, now });
  for (const no of rest) await addBy(no, `${chain}.next`);
}

async function buildOf(version = '1.4.0'): Promise<string> {
  const made = madeRelease(SIGNERS, { version, bytes: 1_500_000 });
  for (const [name, content] of made.files) await writeFile(join(build, name), content);
  return programOf(made)[0];
}

describe('on the command line', () => {
  it('a folder of the build is signed by one, countersigned by another, and taken in', async () => {
    const program = await buildOf();
    await writeFile(join(build, `${program}.blockmap`), 'a map');
    await expect(makeSignerKey(keyFile(0))).rejects.toMatchObject({ code: 'EEXIST' });
    const of = { folder: build, kind: 'kiosk-linux', notes: 'quieter' } as const;
    const { files } = await signFolder(of, await signingBy(0));
    expect(files.map(({ name }) => name)).toEqual(['latest-linux.yml', program, `${program}.blockmap`]);
    const deps = { db: house.on.t.db, clock: house.clock, log: watchedLog() };
    const { audit } = await createAudit({ ...deps, config: house.on.config });
    const former = keys[0]?.signer;
    const config = { RELEASE_DIR: house.folder, RELEASE_ROOT_FILE: chain, RELEASE_PUBLIC_KEY: former };
    const releases = await openReleases({ ...deps, config }, audit);
    if (releases === undefined) throw new Error('None are taken.');
    await expect(importFolder(releases, build)).rejects.toMatchObject({ code: 'release.unsigned' });
    // The same person once more is not another one.
    expect(await addBy(0, build)).toMatchObject({ signed: 1, needed: 2 });
    expect(await addBy(2, build)).toMatchObject({ what: 'release', version: '1.4.0', signed: 2, needed: 2 });
    await signFormer(build, keyFile(0));
    expect(await importFolder(releases, build)).toMatchObject({
      ...{ id: 'kiosk-linux@1.4.0', state: 'ready', by: 'command', former: true },
    });
    expect(await releases.servable('kiosk-linux@1.4.0')).toMatchObject({ manifest: { notes: 'quieter' } });
    expect(await readFile(join(build, FORMER_NAME), 'utf8')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    await appendFile(join(build, program), 'x');
    await expect(signFolder(of, await signingBy(0))).rejects.toThrow('Build both again');
  });

  it('a second signer signs what lies in their own folder, or nothing', async () => {
    await buildOf();
    await signFolder({ folder: build, kind: 'kiosk-linux', notes: '' }, await signingBy(0));
    const signed = await readFile(join(build, SIGNED_NAME), 'utf8');
    // The second one's own build, beside what the first one sent.
    await buildOf();
    await expect(addBy(1, build)).rejects.toThrow('not those that were signed');
    expect(await readFile(join(build, SIGNED_NAME), 'utf8')).toBe(signed);
  });

  it('nobody signs whom the root does not name, nor by a clock that the other one’s does not agree with', async () => {
    await buildOf();
    const of = { folder: build, kind: 'kiosk-linux', notes: '' } as const;
    await expect(signFolder(of, await signingBy(3))).rejects.toThrow('does not name this key');
    await signFolder(of, await signingBy(0));
    await expect(addBy(3, build)).rejects.toThrow('does not name this key');
    for (const off of [-2 * DAY_MS, 40 * DAY_MS]) {
      await expect(addBy(1, build, house.clock.now() + off)).rejects.toThrow('does not agree');
    }
  });

  it('the next root joins the file once enough of both have signed it', async () => {
    expect((await readRoots(chain))?.version).toBe(1);
    await makeRoot([0, 1, 3], [0]);
    expect((await readRoots(chain))?.version).toBe(1);
    // One of the new ones alone is none of those before.
    expect(await addBy(3, `${chain}.next`)).toMatchObject({ what: 'root', version: 2, signed: 1, needed: 2 });
    expect(await addBy(1, `${chain}.next`)).toMatchObject({ signed: 2, needed: 2 });
    const root = await readRoots(chain);
    expect([root?.version, root?.keys.size]).toEqual([2, 3]);
    await makeRoot([0, 1, 3], [0]);
    await expect(addBy(2, `${chain}.next`)).rejects.toThrow('Neither the root nor the one before it');
  });

  it('card layouts are signed by two as well', async () => {
    const file = join(people, 'layouts.json');
    await writeFile(file, JSON.stringify({ format: 1, ...BOTH_MAKERS }));
    expect(await signLayoutsFile(file, await signingBy(1))).toEqual({ version: 2 });
    const signed = join(people, 'layouts.signed.json');
    const root = await readRoots(chain);
    if (root === undefined) throw new Error('There is no root.');
    const open = async (): Promise<number> =>
      openLayouts((await readFile(signed, 'utf8')).trim(), root).layouts.version;
    expect(codeOf(await open().catch((error: unknown) => error))).toBe('layouts.unsigned');
    expect(await addBy(2, signed)).toMatchObject({ what: 'layouts', version: 2, signed: 2 });
    expect(await open()).toBe(2);
  });

  it("a box's package is signed as the build described it", async () => {
    const { manifest, files } = madePackage(SIGNERS);
    const [[name, content] = ['', Buffer.alloc(0)]] = [...files];
    await writeFile(join(build, name), content);
    const described = {
      ...{ versionCode: 2000, versionName: '0.2.0', file: name, signerSha256: 'ab'.repeat(32) },
      ...{ sha256: manifest.files[0]?.sha256, bytes: content.length },
    };
    await writeFile(join(build, 'release.json'), JSON.stringify(described));
    const of = { folder: build, kind: 'box', notes: '' } as const;
    expect(await signFolder(of, await signingBy(0))).toMatchObject({ ...manifest, notes: '' });
    await addBy(1, build);
    const root = await readRoots(chain);
    const signed = (await readFile(join(build, SIGNED_NAME), 'utf8')).trim();
    expect(root && openRelease(signed, root)?.version).toBe('0.2.0');
    await appendFile(join(build, name), 'x');
    await expect(signFolder(of, await signingBy(0))).rejects.toThrow('Build both again');
  });
});
