import { importFolder } from './import.ts';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { madePackage, madeRelease } from '../../testing/release-kit.ts';
import { createAudit } from '../../wiring/audit.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { openReleases } from '../../wiring/releases.ts';
import { makeReleaseKey, signFolder } from './sign.ts';
import { programOf, RELEASE_KEYS, ReleaseWorld } from '../../testing/release-world.ts';

let house: ReleaseWorld;
beforeAll(async () => {
  house = await ReleaseWorld.open();
});
afterAll(() => house.close());
afterEach(() => house.clear());

describe('on the command line', () => {
  it('a folder of the build is signed and taken in, and one whose feed does not fit it is not', async () => {
    const build = await mkdtemp(join(tmpdir(), 'build-'));
    const made = madeRelease(RELEASE_KEYS, { version: '1.4.0', bytes: 1_500_000 });
    for (const [name, content] of made.files) await writeFile(join(build, name), content);
    const [program] = programOf(made);
    await writeFile(join(build, `${program}.blockmap`), 'a map');
    const keyFile = join(build, 'key.pem');
    const publicKey = await makeReleaseKey(keyFile);
    await expect(makeReleaseKey(keyFile)).rejects.toMatchObject({ code: 'EEXIST' });
    const of = { folder: build, kind: 'kiosk-linux', keyFile, notes: 'quieter' } as const;
    const { files } = await signFolder(of);
    expect(files.map(({ name }) => name)).toEqual(['latest-linux.yml', program, `${program}.blockmap`]);
    const deps = { db: house.on.t.db, clock: house.clock, log: watchedLog() };
    const { audit } = await createAudit({ ...deps, config: house.on.config });
    const config = { RELEASE_DIR: house.folder, RELEASE_PUBLIC_KEY: publicKey };
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
    const { manifest, files } = madePackage(RELEASE_KEYS);
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
