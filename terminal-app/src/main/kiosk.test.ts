import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReleaseOffer } from '@bianmin/shared/api/release-offer';
import { signRelease } from '@bianmin/shared/node/signed-release';
import { ManualClock, settled } from '@bianmin/shared/testing/manual-clock';
import type { Host, HostOptions } from '../host/host.ts';
import { HostEventBus } from '../ipc/events.ts';
import { IpcError } from '../ipc/error.ts';
import { CRASH_WINDOW_MS, FIRST_PAINT_MS, RELOAD_AFTER_MS, SILENT_MS } from '../policy/crashes.ts';
import { READING_MS } from '../policy/display.ts';
import { CLOSE_WITHIN_MS, EXIT_AGAIN } from '../policy/leaving.ts';
import { FEED_EVERY_MS } from '../policy/feed.ts';
import { APP_URL } from '../policy/page.ts';
import { UPDATE_IDLE_OPEN_MS } from '../policy/update-moment.ts';
import { HEALTHY_AFTER_MS } from '../policy/update-state.ts';
import { app, defaultSession, handlers, resetElectron, told, windows } from '../testing/fake-electron.ts';
import { resetAutoUpdater } from '../testing/fake-auto-updater.ts';
import { LOOK_MS } from '../upkeep/upkeep.ts';
import { startKiosk } from './kiosk.ts';

vi.mock('electron-updater', async () => ({
  default: (await import('../testing/fake-auto-updater.ts')).electronUpdater,
}));
vi.mock('electron', async () => (await import('../testing/fake-electron.ts')).electron);

const LOAD = `page.load ${APP_URL}`;
let folder: string;
let clock: ManualClock;
let busy: boolean;
let closes: number;
let close: () => Promise<void>;
let painted: () => void;
/** The release that the server means for this kiosk. */
let offered: ReleaseOffer | undefined;
let events: HostEventBus;
/** Those of the test runner itself. */
let untaken: NodeJS.UncaughtExceptionListener[];

const startHost = (options: HostOptions): Promise<Host> => {
  told.push('host.start');
  painted = () => options.onPainted?.();
  const router = (name: string): Promise<unknown> =>
    name === 'host.status'
      ? Promise.resolve({ version: '1.2.3' })
      : Promise.reject(new IpcError({ code: 'ipc.unknown-call', message: 'The host has no such call.' }));
  const host: Partial<Host> = {
    router,
    events,
    busy: () => busy,
    undelivered: () => Promise.resolve(0),
    release: () => Promise.resolve(offered),
    close: () => close(),
  };
  return Promise.resolve(host as Host);
};

async function start(env: Record<string, string> = {}): Promise<void> {
  await startKiosk({
    startHost,
    clock,
    env: { BIANMIN_SERVER_URL: 'https://server.example', LOG_LEVEL: 'silent', ...env },
  });
  await settled();
}

const ownListeners = (): NodeJS.UncaughtExceptionListener[] =>
  process.listeners('uncaughtException').filter((listener) => !untaken.includes(listener));

/** How often something was told, since the test began. */
const count = (what: string): number => told.filter((line) => line === what).length;
const page = () => {
  const contents = windows[0]?.webContents;
  if (contents === undefined) throw new Error('There is no window.');
  return contents;
};
const crash = (): void => void page().emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });

beforeEach(async () => {
  untaken = process.listeners('uncaughtException');
  folder = await mkdtemp(join(tmpdir(), 'bianmin-shell-'));
  resetElectron(folder);
  clock = new ManualClock();
  busy = false;
  closes = 0;
  close = () => {
    closes += 1;
    return Promise.resolve();
  };
  events = new HostEventBus();
  offered = undefined;
});
afterEach(async () => {
  for (const listener of ownListeners()) process.off('uncaughtException', listener);
  await rm(folder, { recursive: true, force: true });
});

describe('before the page is loaded', () => {
  it('everything that holds it in is in place', async () => {
    await start();
    const before = (what: string, later: string): void => {
      expect([what, told.indexOf(what) >= 0 && told.indexOf(what) < told.indexOf(later)]).toEqual([
        what,
        true,
      ]);
    };
    for (const what of [
      'app.enableSandbox',
      'protocol.registerSchemesAsPrivileged',
      'Menu.setApplicationMenu',
    ]) {
      before(what, 'app.whenReady');
    }
    for (const name of handlers.keys()) before(name, LOAD);
    before('host.start', LOAD);
    expect([...handlers.keys()].filter((name) => name.startsWith('session.'))).toHaveLength(7);
    expect(windows).toHaveLength(1);
    expect(windows[0]?.options).toMatchObject({
      kiosk: true,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, devTools: false },
    });
  });

  it('a second one leaves, and the first one comes to the front', async () => {
    app.isSecond = true;
    await start();
    expect(told).toEqual(['app.quit']);
    app.isSecond = false;
    await start();
    app.emit('second-instance');
    expect(count('window.focus')).toBe(1);
    expect(windows).toHaveLength(1);
  });
});

describe('what the page asks for', () => {
  const asked = (name: string, ...args: unknown[]): unknown[] => {
    const answers: unknown[] = [];
    const result = handlers.get(name)?.(...args, (...answer: unknown[]) => answers.push(...answer));
    return result === undefined ? answers : [result];
  };

  it.each([
    ['session.setPermissionRequestHandler', ['page', 'media'], [false]],
    ['session.setPermissionRequestHandler', ['page', 'clipboard-read'], [false]],
    ['session.setPermissionRequestHandler', ['page', 'fileSystem'], [false]],
    ['session.setPermissionCheckHandler', ['page', 'usb'], [false]],
    ['session.setDevicePermissionHandler', [{ deviceType: 'hid' }], [false]],
    ['session.setDisplayMediaRequestHandler', [{}], [{}]],
    ['session.setBluetoothPairingHandler', [{}], [{ confirmed: false }]],
    ['session.onBeforeRequest', [{ url: 'https://elsewhere.example/' }], [{ cancel: true }]],
    ['session.onBeforeRequest', [{ url: 'file:///etc/passwd' }], [{ cancel: true }]],
    ['session.onBeforeRequest', [{ url: `${APP_URL}assets/a.js` }], [{ cancel: false }]],
    ['page.setWindowOpenHandler', [{ url: APP_URL }], [{ action: 'deny' }]],
  ])('%s %j: %j', async (name, args, answer) => {
    await start();
    expect(asked(name, ...args)).toEqual(answer);
  });

  it('keeps every class of USB device protected that holds cards, keys or disks', async () => {
    await start();
    expect(asked('session.setUSBProtectedClassesHandler', {})).toEqual([
      expect.arrayContaining(['smart-card', 'hid', 'mass-storage']),
    ]);
  });

  const refused = (emitter: NodeJS.EventEmitter, name: string, rest: unknown[]): unknown => {
    let prevented = 0;
    const answers: unknown[] = [];
    const event = { preventDefault: () => prevented++, url: 'https://elsewhere.example/' };
    emitter.emit(name, event, ...rest, (...answer: unknown[]) => answers.push(answer), true);
    return { prevented, answers };
  };

  it.each([
    ['will-download', undefined],
    ['select-hid-device', []],
    ['select-serial-port', ['']],
    ['select-usb-device', []],
    ['file-system-access-restricted', ['deny']],
  ])('the session refuses %s', async (name, answer) => {
    await start();
    const result = refused(defaultSession, name, [{}, 'page']);
    expect(result).toEqual({ prevented: 1, answers: [answer ?? []] });
  });

  it.each([
    'will-navigate',
    'will-redirect',
    'will-frame-navigate',
    'will-attach-webview',
    'context-menu',
    'select-bluetooth-device',
  ])('the page is refused %s', async (name) => {
    await start();
    expect(refused(page(), name, [])).toMatchObject({ prevented: 1 });
  });

  it('goes to our own page', async () => {
    await start();
    let prevented = 0;
    page().emit('will-navigate', { preventDefault: () => prevented++, url: `${APP_URL}index.html#pay` });
    expect(prevented).toBe(0);
  });

  it('gets no certificate accepted and no password asked for', async () => {
    await start();
    expect(refused(app, 'certificate-error', ['page', 'https://x.example', 'net::ERR', {}])).toEqual({
      prevented: 1,
      answers: [[false]],
    });
    expect(refused(app, 'select-client-certificate', ['page', 'https://x.example', [{}]])).toEqual({
      prevented: 1,
      answers: [[]],
    });
    expect(refused(app, 'login', ['page', {}, {}])).toEqual({ prevented: 1, answers: [[]] });
  });

  it('gets its own files with the policy, and nothing else', async () => {
    await start();
    const serve = handlers.get('protocol.handle') as (request: Request) => Promise<Response>;
    expect((await serve(new Request('bianmin://kiosk/assets/none.js'))).status).toBe(404);
    expect((await serve(new Request('bianmin://other/index.html'))).status).toBe(404);
  });

  it('reaches the host from its top frame only, and hears its events', async () => {
    await start();
    const call = (frame: object, name: unknown) =>
      handlers.get('ipcMain.handle')?.({ senderFrame: frame }, name, null);
    expect(await call({ url: APP_URL, parent: null }, 'host.status')).toMatchObject({ ok: true });
    expect(await call({ url: APP_URL, parent: {} }, 'host.status')).toMatchObject({ code: 'ipc.forbidden' });
    expect(await call({ url: 'https://x.example/', parent: null }, 'host.status')).toMatchObject({
      ok: false,
    });
    expect(await call({ url: APP_URL, parent: null }, 'shell.open')).toMatchObject({
      code: 'ipc.unknown-call',
    });
    events.emit('purchase.view', { screen: 'reading' });
    expect(page().sent).toEqual([['bianmin:event', 'purchase.view', { screen: 'reading' }]]);
  });
});

describe('a page that is gone', () => {
  it('comes back after a wait that grows, and is given up for a restart without the graphics card', async () => {
    await start();
    expect(count(LOAD)).toBe(1);
    for (const [index, wait] of RELOAD_AFTER_MS.entries()) {
      crash();
      await clock.advance(wait - 1);
      expect(count(LOAD)).toBe(index + 1);
      await clock.advance(1);
      expect(count(LOAD)).toBe(index + 2);
    }
    crash();
    await settled();
    expect(closes).toBe(1);
    expect(told.slice(-2)).toEqual(['app.relaunch {}', 'app.exit 0']);
    resetElectron(folder);
    await start();
    expect(told.indexOf('app.disableHardwareAcceleration')).toBeLessThan(told.indexOf('app.whenReady'));
    expect(count('app.disableHardwareAcceleration')).toBe(1);
  });

  it('is not given up for crashes that lie far apart', async () => {
    await start();
    for (let round = 0; round < 2 * RELOAD_AFTER_MS.length; round += 1) {
      crash();
      for (let at = 0; at < CRASH_WINDOW_MS; at += LOOK_MS) {
        painted();
        await clock.advance(LOOK_MS);
      }
    }
    expect(closes).toBe(0);
    expect(count(LOAD)).toBe(1 + 2 * RELOAD_AFTER_MS.length);
  });

  it('comes back where it could not be loaded, but not for a load that another one replaced', async () => {
    await start();
    page().emit('did-fail-load', {}, -3, 'ERR_ABORTED', APP_URL, true);
    page().emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', `${APP_URL}frame`, false);
    await clock.advance(RELOAD_AFTER_MS[0]);
    expect(count(LOAD)).toBe(1);
    page().emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', APP_URL, true);
    await clock.advance(RELOAD_AFTER_MS[0]);
    expect(count(LOAD)).toBe(2);
  });
});

describe('a page that hangs', () => {
  it('is ended and loaded anew when it says nothing any more', async () => {
    await start();
    for (let at = 0; at < 60_000; at += LOOK_MS) {
      painted();
      await clock.advance(LOOK_MS);
    }
    expect(count('page.forcefullyCrashRenderer')).toBe(0);
    await clock.advance(SILENT_MS);
    expect(count('page.forcefullyCrashRenderer')).toBe(1);
    await clock.advance(RELOAD_AFTER_MS[0]);
    expect(count(LOAD)).toBe(2);
  });

  it('is ended when it never painted', async () => {
    await start();
    await clock.advance(FIRST_PAINT_MS - LOOK_MS);
    expect(count('page.forcefullyCrashRenderer')).toBe(0);
    await clock.advance(LOOK_MS);
    expect(count('page.forcefullyCrashRenderer')).toBe(1);
  });

  it('is ended when it takes no input, unless it comes to itself', async () => {
    await start();
    const beat = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        painted();
        await clock.advance(LOOK_MS);
      }
    };
    windows[0]?.emit('unresponsive');
    await beat(1);
    windows[0]?.emit('responsive');
    await beat(5);
    expect(count('page.forcefullyCrashRenderer')).toBe(0);
    windows[0]?.emit('unresponsive');
    await beat(3);
    expect(count('page.forcefullyCrashRenderer')).toBe(1);
  });
});

describe('the graphics card', () => {
  const gpuGone = (reason = 'crashed'): void =>
    void app.emit('child-process-gone', {}, { type: 'GPU', reason });

  it('is given up after two deaths close together, when nobody is at it', async () => {
    await start({ NOTIFY_SOCKET: '/run/none' });
    busy = true;
    gpuGone();
    gpuGone();
    painted();
    await clock.advance(LOOK_MS);
    expect(closes).toBe(0);
    busy = false;
    painted();
    await clock.advance(LOOK_MS);
    // A supervisor starts it again: a child of ours would be ended with our control group.
    expect(told.at(-1)).toBe(`app.exit ${EXIT_AGAIN}`);
    expect(told.some((line) => line.startsWith('app.relaunch'))).toBe(false);
  });

  it('stays for one death, for other processes and for a clean end', async () => {
    await start();
    gpuGone();
    gpuGone('clean-exit');
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed' });
    painted();
    await clock.advance(LOOK_MS);
    expect(closes).toBe(0);
    resetElectron(folder);
    await start();
    expect(count('app.disableHardwareAcceleration')).toBe(0);
  });
});

describe('the display', () => {
  it('is kept on while somebody is at it and for a while after, and no longer', async () => {
    await start();
    const beat = async (ms: number): Promise<void> => {
      for (let at = 0; at < ms; at += LOOK_MS) {
        painted();
        await clock.advance(LOOK_MS);
      }
    };
    const blocked = (): string[] => told.filter((line) => line.startsWith('blocker'));
    await beat(READING_MS);
    expect(blocked()).toEqual(['blocker.start prevent-display-sleep', 'blocker.stop 7']);
    page().emit('input-event', {}, { type: 'touchStart' });
    await beat(LOOK_MS);
    busy = true;
    await beat(2 * READING_MS);
    busy = false;
    await beat(READING_MS - 2 * LOOK_MS);
    expect(blocked()).toHaveLength(3);
    await beat(2 * LOOK_MS);
    expect(blocked()).toHaveLength(4);
  });
});

describe('leaving', () => {
  it('closes the host first, once', async () => {
    await start();
    app.emit('window-all-closed');
    app.emit('window-all-closed');
    await settled();
    expect(closes).toBe(1);
    expect(told.at(-1)).toBe('app.exit 0');
    expect(clock.sleepers).toBe(0);
  });

  it('does not wait for ever for a host that does not close', async () => {
    await start();
    close = () => new Promise(() => undefined);
    app.emit('window-all-closed');
    await clock.advance(CLOSE_WITHIN_MS - 1);
    expect(told.at(-1)).not.toMatch(/exit/);
    await clock.advance(1);
    expect(told.at(-1)).toBe('app.exit 0');
  });

  it('starts again after an error that nobody took, without a dialog', async () => {
    await start({ APPIMAGE: '/opt/kiosk.AppImage' });
    for (const listener of ownListeners()) listener(new Error('a secret'), 'uncaughtException');
    await settled();
    expect(told.slice(-2)).toEqual(['app.relaunch {"execPath":"/opt/kiosk.AppImage"}', 'app.exit 0']);
  });
});

describe('quitting', () => {
  it('waits for the host, once; an installer’s own quit is let through afterwards', async () => {
    await start();
    let prevented = 0;
    const quit = (): void => void app.emit('before-quit', { preventDefault: () => prevented++ });
    quit();
    await settled();
    expect([prevented, closes, told.at(-1)]).toEqual([1, 1, 'app.exit 0']);
    quit();
    expect([prevented, closes]).toEqual([1, 1]);
  });
});

describe('an update', () => {
  const beat = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += LOOK_MS) {
      painted();
      await clock.advance(LOOK_MS);
    }
  };

  it('is downloaded from the offer’s feed, and installed when nobody is there, after the host is closed', async () => {
    const appImage = join(folder, 'kiosk.AppImage');
    await writeFile(appImage, 'release 1.2.3');
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const digest = (how: string, as: 'hex' | 'base64'): string =>
      createHash(how).update('release 1.2.3').digest(as);
    const file = { bytes: 13, sha256: digest('sha256', 'hex'), sha512: digest('sha512', 'base64') };
    const files = ['kiosk.AppImage', 'latest-linux.yml'].map((name) => ({ name, ...file }));
    const manifest = { format: 1, kind: 'kiosk-linux', version: '1.3.0', notes: '', files } as const;
    offered = { version: '1.3.0', path: '/updates/ticket/', manifest: signRelease(manifest, key.privateKey) };
    const updater = resetAutoUpdater();
    updater.offer = { version: '1.3.0', file: appImage };
    updater.onInstall = () => told.push('install');
    await start({ APPIMAGE: appImage, BIANMIN_RELEASE_KEY: publicKey });
    expect(updater).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: false });
    busy = true;
    await beat(HEALTHY_AFTER_MS + 1.5 * FEED_EVERY_MS + 2 * LOOK_MS);
    const feed = { provider: 'generic', url: 'https://server.example/updates/ticket/' };
    expect(updater.feed).toMatchObject(feed);
    expect([closes, updater.installs]).toEqual([0, []]);
    busy = false;
    await beat(UPDATE_IDLE_OPEN_MS + 2 * LOOK_MS);
    // The installer is read once more, which takes real time.
    await expect.poll(async () => (await beat(LOOK_MS), updater.installs)).toEqual([[true, true]]);
    expect(closes).toBe(1);
    expect(await readFile(join(folder, 'installers/1.3.0.AppImage'), 'utf8')).toBe('release 1.2.3');
  });

  it('is not looked for where nobody said whose releases are ours', async () => {
    const appImage = join(folder, 'kiosk.AppImage');
    await writeFile(appImage, 'release 1.2.3');
    const updater = resetAutoUpdater();
    await start({ APPIMAGE: appImage });
    await beat(HEALTHY_AFTER_MS + 1.5 * FEED_EVERY_MS + 2 * LOOK_MS);
    expect(updater.feed).toBeUndefined();
  });

  it('is not looked for where the program does not replace itself', async () => {
    const updater = resetAutoUpdater();
    await start();
    expect(updater.feed).toBeUndefined();
  });

  it('that failed twice is replaced before anything of it starts', async () => {
    const appImage = join(folder, 'kiosk.AppImage');
    await writeFile(appImage, 'release 1.2.3');
    const kept = { version: '1.2.3', startedAt: 0, healthyAt: null, starts: 2, good: '1.2.2', refused: [] };
    await writeFile(join(folder, 'update-state.json'), JSON.stringify(kept));
    const { KeptInstallers } = await import('../upkeep/installers.ts');
    const good = join(folder, 'good.AppImage');
    await writeFile(good, 'release 1.2.2');
    new KeptInstallers(folder).keep('1.2.2', good);
    resetAutoUpdater();
    await start({ APPIMAGE: appImage, NOTIFY_SOCKET: '/run/none' });
    expect(await readFile(appImage, 'utf8')).toBe('release 1.2.2');
    expect(told).not.toContain('host.start');
    expect(told.at(-1)).toBe(`app.exit ${EXIT_AGAIN}`);
  });
});
