import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { FEED_EVERY_MS } from '../policy/feed.ts';
import { EXIT_AGAIN } from '../policy/leaving.ts';
import { UPDATE_IDLE_OPEN_MS } from '../policy/update-moment.ts';
import { HEALTHY_AFTER_MS } from '../policy/update-state.ts';
import { resetAutoUpdater } from '../testing/fake-auto-updater.ts';
import { told } from '../testing/fake-electron.ts';
import { KioskRig } from '../testing/kiosk-rig.ts';
import { LOOK_MS } from '../upkeep/upkeep.ts';

vi.mock('electron-updater', async () => ({
  default: (await import('../testing/fake-auto-updater.ts')).electronUpdater,
}));
vi.mock('electron', async () => (await import('../testing/fake-electron.ts')).electron);

let kiosk: KioskRig;
beforeEach(async () => {
  kiosk = await KioskRig.open();
});
afterEach(() => kiosk.end());

describe('an update', () => {
  it('is downloaded from the offer’s feed, and installed when the kiosk is idle, after the host is closed', async () => {
    const appImage = join(kiosk.folder, 'kiosk.AppImage');
    await writeFile(appImage, 'release 1.2.3');
    const signers = new ReleaseSigners();
    const roots = join(kiosk.folder, 'roots.jsonl');
    await writeFile(roots, signers.document);
    const digest = (how: string, as: 'hex' | 'base64'): string =>
      createHash(how).update('release 1.2.3').digest(as);
    const file = { bytes: 13, sha256: digest('sha256', 'hex'), sha512: digest('sha512', 'base64') };
    const files = ['kiosk.AppImage', 'latest-linux.yml'].map((name) => ({ name, ...file }));
    const manifest = { kind: 'kiosk-linux', version: '1.3.0', notes: '', files } as const;
    kiosk.offered = {
      version: '1.3.0',
      path: '/updates/ticket/',
      manifest: signers.sign(manifest),
    };
    const updater = resetAutoUpdater();
    updater.offer = { version: '1.3.0', file: appImage };
    updater.onInstall = () => told.push('install');
    await kiosk.start({ APPIMAGE: appImage, BIANMIN_RELEASE_ROOT: roots });
    expect(updater).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: false });
    kiosk.busy = true;
    await kiosk.beat(HEALTHY_AFTER_MS + 1.5 * FEED_EVERY_MS + 2 * LOOK_MS);
    const feed = { provider: 'generic', url: 'https://server.example/updates/ticket/' };
    expect(updater.feed).toMatchObject(feed);
    expect([kiosk.closes, updater.installs]).toEqual([0, []]);
    kiosk.busy = false;
    await kiosk.beat(UPDATE_IDLE_OPEN_MS + 2 * LOOK_MS);
    // The installer is read once more, which takes real time.
    await expect.poll(async () => (await kiosk.beat(LOOK_MS), updater.installs)).toEqual([[true, true]]);
    expect(kiosk.closes).toBe(1);
    expect(await readFile(join(kiosk.folder, 'installers/1.3.0.AppImage'), 'utf8')).toBe('release 1.2.3');
  });

  it('is not looked for where it is not set whose releases are ours', async () => {
    const appImage = join(kiosk.folder, 'kiosk.AppImage');
    await writeFile(appImage, 'release 1.2.3');
    const updater = resetAutoUpdater();
    await kiosk.start({ APPIMAGE: appImage });
    await kiosk.beat(HEALTHY_AFTER_MS + 1.5 * FEED_EVERY_MS + 2 * LOOK_MS);
    expect(updater.feed).toBeUndefined();
  });

  it('is not looked for where the program does not replace itself', async () => {
    const updater = resetAutoUpdater();
    await kiosk.start();
    expect(updater.feed).toBeUndefined();
  });

  it('that failed twice is replaced before anything of it starts', async () => {
    const appImage = join(kiosk.folder, 'kiosk.AppImage');
    await writeFile(appImage, 'release 1.2.3');
    const kept = { version: '1.2.3', startedAt: 0, healthyAt: null, starts: 2, good: '1.2.2', refused: [] };
    await writeFile(join(kiosk.folder, 'update-state.json'), JSON.stringify(kept));
    const { KeptInstallers } = await import('../upkeep/installers.ts');
    const good = join(kiosk.folder, 'good.AppImage');
    await writeFile(good, 'release 1.2.2');
    new KeptInstallers(kiosk.folder).keep('1.2.2', good);
    resetAutoUpdater();
    await kiosk.start({ APPIMAGE: appImage, NOTIFY_SOCKET: '/run/none' });
    expect(await readFile(appImage, 'utf8')).toBe('release 1.2.2');
    expect(told).not.toContain('host.start');
    expect(told.at(-1)).toBe(`app.exit ${EXIT_AGAIN}`);
  });
});
