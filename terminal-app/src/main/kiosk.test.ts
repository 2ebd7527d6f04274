import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { CLOSE_WITHIN_MS } from '../policy/leaving.ts';
import { app, handlers, told, windows } from '../testing/fake-electron.ts';
import { count, LOAD, KioskRig } from '../testing/kiosk-rig.ts';

vi.mock('electron-updater', async () => ({
  default: (await import('../testing/fake-auto-updater.ts')).electronUpdater,
}));
vi.mock('electron', async () => (await import('../testing/fake-electron.ts')).electron);

let kiosk: KioskRig;
beforeEach(async () => {
  kiosk = await KioskRig.open();
});
afterEach(() => kiosk.end());

describe('before the page is loaded', () => {
  it('everything that holds it in is in place', async () => {
    await kiosk.start();
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
    await kiosk.start();
    expect(told).toEqual(['app.quit']);
    app.isSecond = false;
    await kiosk.start();
    app.emit('second-instance');
    expect(count('window.focus')).toBe(1);
    expect(windows).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('closes the host first, once', async () => {
    await kiosk.start();
    app.emit('window-all-closed');
    app.emit('window-all-closed');
    await settled();
    expect(kiosk.closes).toBe(1);
    expect(told.at(-1)).toBe('app.exit 0');
    expect(kiosk.clock.sleepers).toBe(0);
  });

  it('does not wait for ever for a host that does not close', async () => {
    await kiosk.start();
    kiosk.close = () => new Promise(() => undefined);
    app.emit('window-all-closed');
    await kiosk.clock.advance(CLOSE_WITHIN_MS - 1);
    expect(told.at(-1)).not.toMatch(/exit/);
    await kiosk.clock.advance(1);
    expect(told.at(-1)).toBe('app.exit 0');
  });

  it('starts again after an uncaught error, without a dialog', async () => {
    await kiosk.start({ APPIMAGE: '/opt/kiosk.AppImage' });
    for (const listener of kiosk.ownListeners()) listener(new Error('a secret'), 'uncaughtException');
    await settled();
    expect(told.slice(-2)).toEqual(['app.relaunch {"execPath":"/opt/kiosk.AppImage"}', 'app.exit 0']);
  });
});

describe('quitting', () => {
  it('waits for the host, once; an installer’s own quit is let through afterwards', async () => {
    await kiosk.start();
    let prevented = 0;
    const quit = (): void => void app.emit('before-quit', { preventDefault: () => prevented++ });
    quit();
    await settled();
    expect([prevented, kiosk.closes, told.at(-1)]).toEqual([1, 1, 'app.exit 0']);
    quit();
    expect([prevented, kiosk.closes]).toEqual([1, 1]);
  });
});
