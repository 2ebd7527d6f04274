import { createHash } from 'node:crypto';
import { appendFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { madeRelease } from '../../testing/release-kit.ts';
import { programOf, SIGNERS, ReleaseWorld } from '../../testing/release-world.ts';

let house: ReleaseWorld;
beforeAll(async () => {
  house = await ReleaseWorld.open();
});
afterAll(() => house.close());
afterEach(() => house.clear());

describe('what is downloaded', () => {
  it('goes on after a cut, and is the file that was signed', async () => {
    const made = madeRelease(SIGNERS, { bytes: 700_000 });
    const [name, program] = programOf(made);
    const offer = await house.offered(made);
    expect(offer).toMatchObject({ version: '1.1.0', manifest: made.signed });
    const cut = await house.kiosk.fetch(offer, name);
    const etag = cut.headers.get('etag') ?? '';
    const reader = cut.body?.getReader();
    const first = Buffer.from((await reader?.read())?.value ?? []);
    await reader?.cancel();
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(program.length);
    const rest = await house.kiosk.fetch(offer, name, { range: `bytes=${first.length}-`, 'if-range': etag });
    expect(rest.status).toBe(206);
    const whole = Buffer.concat([first, Buffer.from(await rest.arrayBuffer())]);
    expect(createHash('sha512').update(whole).digest('base64')).toBe(made.manifest.files[0]?.sha512);
    // Of another file of this name, all of it would come.
    const other = await house.kiosk.fetch(offer, name, { range: 'bytes=10-', 'if-range': '"other"' });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, program.length]);
    const feed = await house.kiosk.fetch(offer, 'latest-linux.yml');
    expect(await feed.text()).toContain(`url: ${name}`);
  });

  it('is nothing else than the files of the release that the ticket is for', async () => {
    const offer = await house.offered(madeRelease(SIGNERS));
    for (const name of [
      'latest.yml',
      'release.json',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e',
      'latest-linux.yml.part',
    ]) {
      expect([400, 404]).toContain((await house.kiosk.fetch(offer, name)).status);
    }
    const ticket = offer.path.split('/')[2] ?? '';
    const changed = `${ticket.slice(0, -2)}${ticket.endsWith('AA') ? 'BB' : 'AA'}`;
    const forged = { ...offer, path: `/updates/${changed}/` };
    expect((await house.kiosk.fetch(forged, 'latest-linux.yml')).status).toBe(404);
    house.clock.jump(7 * 3_600_000);
    expect((await house.kiosk.fetch(offer, 'latest-linux.yml')).status).toBe(404);
  });

  it('is not served and not offered once it was changed on the disk', async () => {
    const made = madeRelease(SIGNERS);
    const [name, program] = programOf(made);
    const offer = await house.offered(made);
    const path = join(house.folder, 'kiosk-linux/1.1.0', name);
    await appendFile(path, 'x');
    expect((await house.kiosk.fetch(offer, name)).status).toBe(404);
    expect(await house.kiosk.ask()).toBeUndefined();
    // The same length, other bytes.
    await writeFile(path, Buffer.alloc(program.length, 1));
    expect((await house.kiosk.fetch(offer, name)).status).toBe(404);
    await writeFile(path, program);
    expect((await house.kiosk.fetch(offer, name)).status).toBe(200);
  });

  it('follows a link inside the folder, and none that leads out', async () => {
    const made = madeRelease(SIGNERS);
    const [name] = programOf(made);
    const offer = await house.offered(made);
    const path = join(house.folder, 'kiosk-linux/1.1.0', name);
    await rename(path, join(house.folder, name));
    await symlink(join(house.folder, name), path);
    expect((await house.kiosk.fetch(offer, name)).status).toBe(200);
    const outside = `${house.folder}.AppImage`;
    await rename(join(house.folder, name), outside);
    await rm(path);
    await symlink(outside, path);
    expect((await house.kiosk.fetch(offer, name)).status).toBe(404);
    await rm(outside);
  });

  it('is not served and not offered once the release was withdrawn', async () => {
    const made = madeRelease(SIGNERS);
    const offer = await house.offered(made);
    const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/withdraw`;
    expect((await house.call('POST', path, { reason: 'it does not start' })).body).toMatchObject({
      state: 'withdrawn',
    });
    expect(await house.kiosk.ask()).toBeUndefined();
    expect(await house.kiosk.ask({ version: '1.1.0', is: 'installing' })).toBeUndefined();
    expect((await house.kiosk.fetch(offer, 'latest-linux.yml')).status).toBe(404);
    const { body } = await house.call('GET', '/v1/admin/rollouts');
    expect(body['rollouts']).toMatchObject([{ state: 'stopped', moves: [{ cause: 'withdrawn' }, {}] }]);
  });

  it('is not offered where the database holds a manifest that the release key did not sign', async () => {
    const made = madeRelease(SIGNERS);
    await house.offered(made);
    const { signed } = madeRelease(new ReleaseSigners());
    await house.on.t.db.collection('releases').updateMany({}, { $set: { signed } });
    expect(await house.kiosk.ask()).toBeUndefined();
  });
});
