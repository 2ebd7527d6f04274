import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ReleaseSigners, times } from '@bianmin/purchase/testing/node/release-signers';
import { madeRelease } from '../../testing/release-kit.ts';
import { programOf, SIGNERS, ReleaseWorld } from '../../testing/release-world.ts';

const DAY_MS = 86_400_000;
let house: ReleaseWorld;
beforeAll(async () => {
  house = await ReleaseWorld.open();
});
afterAll(() => house.close());
afterEach(() => house.clear());

describe('what is uploaded', () => {
  const send = (manifest: string, former?: string) =>
    house.call('POST', '/v1/admin/releases', { manifest, ...(former === undefined ? {} : { former }) });

  it('must be signed by two of the signers, and not by strangers, nor changed afterwards', async () => {
    const made = madeRelease(SIGNERS);
    const foreign = madeRelease(new ReleaseSigners()).signed;
    const alone = SIGNERS.sign(made.manifest, { by: [SIGNERS.three[2]] });
    const { payload } = JSON.parse(made.signed) as { payload: string };
    const other = SIGNERS.sign({ ...made.manifest, notes: 'changed' }, { by: [] });
    const changed = made.signed.replace(payload, (JSON.parse(other) as { payload: string }).payload);
    for (const manifest of [foreign, alone, changed]) {
      const { status, body } = await send(manifest);
      expect([status, body['code']]).toEqual([422, 'release.unsigned']);
    }
    for (const manifest of [`${made.signed}A`, made.former, 'a.b.c']) {
      expect([422, 400]).toContain((await send(manifest)).status);
    }
    expect(await readdir(house.folder)).toEqual([]);
  });

  it('is not taken once it has run out, nor served, and goes on when it is signed anew', async () => {
    const made = madeRelease(SIGNERS);
    const now = house.clock.now();
    const late = SIGNERS.sign(made.manifest, { at: times(now - 10 * DAY_MS, 9) });
    expect((await send(late)).body['code']).toBe('release.expired');
    const brief = SIGNERS.sign(made.manifest, { at: times(now, 1) });
    await house.rolledOut({ ...made, signed: brief });
    expect(await house.kiosk.ask()).toBeDefined();
    house.clock.jump(DAY_MS + 1_000);
    await house.logIn();
    expect(await house.kiosk.ask()).toBeUndefined();
    // What is older is no renewal.
    expect((await send(brief)).body['code']).toBe('release.expired');
    const anew = SIGNERS.sign(made.manifest, { at: times(house.clock.now()) });
    expect((await send(anew)).body).toMatchObject({
      state: 'ready',
      expires: times(house.clock.now()).expires,
    });
    expect((await house.kiosk.ask())?.manifest).toBe(anew);
    expect((await send(SIGNERS.sign(made.manifest, { at: times(house.clock.now() - 1000) }))).status).toBe(
      201,
    );
    expect((await house.kiosk.ask())?.manifest).toBe(anew);
  });

  it('is for kiosks that know no root where the key of before has signed the same, and never by that key alone', async () => {
    const made = madeRelease(SIGNERS);
    await house.rolledOut(made);
    const { kiosk } = house;
    kiosk.root = undefined;
    expect(await kiosk.ask()).toBeUndefined();
    const other = SIGNERS.signFormer({ ...made.manifest, notes: 'other' });
    const strangers = new ReleaseSigners().signFormer(made.manifest);
    for (const former of [other, strangers]) {
      expect((await send(made.signed, former)).body['code']).toBe('release.unsigned');
    }
    expect((await send(made.signed, made.former)).body).toMatchObject({ former: true, state: 'ready' });
    expect((await kiosk.ask())?.manifest).toBe(made.former);
    kiosk.root = 0;
    expect((await kiosk.ask())?.manifest).toBe(made.signed);
    kiosk.root = 1;
  });

  it('says to everybody who signs it', async () => {
    const roots = async (have: number): Promise<unknown> => {
      const answer = await fetch(`${house.on.web.url}/v1/release-root?have=${have}`);
      return answer.status === 204 ? undefined : answer.json();
    };
    expect(await roots(0)).toEqual({ roots: [SIGNERS.document] });
    expect(await roots(1)).toBeUndefined();
  });

  it('has names and no paths, though they were signed', () => {
    const { manifest } = madeRelease(SIGNERS);
    for (const name of ['../latest.yml', '/etc/passwd', 'a/b', '.hidden', 'a\\b', 'latest-linux.yml/..']) {
      const files = manifest.files.map((file, no) => (no === 0 ? { ...file, name } : file));
      expect(() => SIGNERS.sign({ ...manifest, files })).toThrow();
    }
  });

  it('comes in pieces, goes on where it ended, and is ready when every file is the one that was signed', async () => {
    const made = madeRelease(SIGNERS, { bytes: 2_500_000 });
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
      (await house.call('POST', '/v1/admin/releases', { manifest: madeRelease(SIGNERS).signed })).body[
        'code'
      ],
    ).toBe('release.state');
  });

  it('that is not what was signed is thrown away', async () => {
    const made = madeRelease(SIGNERS);
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
