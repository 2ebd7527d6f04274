import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signRelease } from '@bianmin/shared/node/signed-release';
import { madeRelease, releaseKeys } from '../../testing/release-kit.ts';
import { programOf, RELEASE_KEYS, ReleaseWorld } from '../../testing/release-world.ts';

let house: ReleaseWorld;
beforeAll(async () => {
  house = await ReleaseWorld.open();
});
afterAll(() => house.close());
afterEach(() => house.clear());

describe('what is uploaded', () => {
  it('must be signed by the release key, and not by another one, nor changed afterwards', async () => {
    const made = madeRelease(RELEASE_KEYS);
    const foreign = madeRelease(releaseKeys()).signed;
    const [header, , signature] = made.signed.split('.');
    const other = Buffer.from(JSON.stringify({ ...made.manifest, notes: 'changed' })).toString('base64url');
    for (const manifest of [foreign, `${header}.${other}.${signature}`, `${made.signed}A`, 'a.b.c']) {
      const { status, body } = await house.call('POST', '/v1/admin/releases', { manifest });
      expect([status, body['code']]).toEqual([422, 'release.unsigned']);
    }
    expect(await readdir(house.folder)).toEqual([]);
  });

  it('has names and no paths, though they were signed', () => {
    const { manifest } = madeRelease(RELEASE_KEYS);
    for (const name of ['../latest.yml', '/etc/passwd', 'a/b', '.hidden', 'a\\b', 'latest-linux.yml/..']) {
      const files = manifest.files.map((file, no) => (no === 0 ? { ...file, name } : file));
      expect(() => signRelease({ ...manifest, files }, RELEASE_KEYS.privateKey)).toThrow();
    }
  });

  it('comes in pieces, goes on where it ended, and is ready when every file is the one that was signed', async () => {
    const made = madeRelease(RELEASE_KEYS, { bytes: 2_500_000 });
    const [name, program] = programOf(made);
    const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${name}?offset=`;
    const begun = await house.call('POST', '/v1/admin/releases', { manifest: made.signed });
    expect([begun.status, begun.body['state']]).toEqual([201, 'incomplete']);
    expect((await house.call('PUT', `${path}0`, program.subarray(0, 1000))).status).toBe(200);
    // The same piece again, after an answer that was lost: told where to go on.
    expect((await house.call('PUT', `${path}0`, program.subarray(0, 1000))).body['code']).toBe(
      'release.bytes',
    );
    const listed = await house.call('GET', '/v1/admin/releases');
    expect(listed.body).toMatchObject({
      on: true,
      releases: [{ files: [{ name, received: 1000 }, { received: 0 }] }],
    });
    expect((await house.call('PUT', `${path}1000`, Buffer.alloc(1_048_577))).body['code']).toBe(
      'request.too-large',
    );
    expect((await house.call('PUT', `${path.replace(name, 'other.exe')}0`, Buffer.of(1))).status).toBe(404);
    for (let offset = 1000; offset < program.length; offset += 1_000_000) {
      expect(
        (await house.call('PUT', `${path}${offset}`, program.subarray(offset, offset + 1_000_000))).status,
      ).toBe(200);
    }
    const [feed, yml] = [...made.files][1] ?? ['', Buffer.alloc(0)];
    const last = await house.call(
      'PUT',
      `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${feed}?offset=0`,
      yml,
    );
    expect(last.body['state']).toBe('ready');
    expect((await readdir(join(house.folder, 'kiosk-linux/1.1.0'))).sort()).toEqual([name, feed].sort());
    // Once more is the same release; another of the same version is none.
    expect((await house.call('POST', '/v1/admin/releases', { manifest: made.signed })).status).toBe(201);
    expect(
      (await house.call('POST', '/v1/admin/releases', { manifest: madeRelease(RELEASE_KEYS).signed })).body[
        'code'
      ],
    ).toBe('release.state');
  });

  it('that is not what was signed is thrown away', async () => {
    const made = madeRelease(RELEASE_KEYS);
    const [name, program] = programOf(made);
    const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${name}?offset=0`;
    await house.call('POST', '/v1/admin/releases', { manifest: made.signed });
    expect((await house.call('PUT', path, Buffer.alloc(program.length, 7))).body['code']).toBe(
      'release.bytes',
    );
    expect((await house.call('PUT', path, Buffer.concat([program, Buffer.of(0)]))).body['code']).toBe(
      'release.bytes',
    );
    expect(await readdir(join(house.folder, 'kiosk-linux/1.1.0'))).toEqual([]);
    expect((await house.call('PUT', path, program)).status).toBe(200);
  });
});
