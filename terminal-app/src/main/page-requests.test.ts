import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP_URL } from '../policy/page.ts';
import { app, defaultSession, handlers } from '../testing/fake-electron.ts';
import { KioskRig } from '../testing/kiosk-rig.ts';

vi.mock('electron-updater', async () => ({
  default: (await import('../testing/fake-auto-updater.ts')).electronUpdater,
}));
vi.mock('electron', async () => (await import('../testing/fake-electron.ts')).electron);

let kiosk: KioskRig;
beforeEach(async () => {
  kiosk = await KioskRig.open();
});
afterEach(() => kiosk.end());

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
    await kiosk.start();
    expect(asked(name, ...args)).toEqual(answer);
  });

  it('keeps every class of USB device protected that holds cards, keys or disks', async () => {
    await kiosk.start();
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
    await kiosk.start();
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
    await kiosk.start();
    expect(refused(kiosk.page(), name, [])).toMatchObject({ prevented: 1 });
  });

  it('goes to our own page', async () => {
    await kiosk.start();
    let prevented = 0;
    kiosk
      .page()
      .emit('will-navigate', { preventDefault: () => prevented++, url: `${APP_URL}index.html#pay` });
    expect(prevented).toBe(0);
  });

  it('gets no certificate accepted and no password asked for', async () => {
    await kiosk.start();
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
    await kiosk.start();
    const serve = handlers.get('protocol.handle') as (request: Request) => Promise<Response>;
    expect((await serve(new Request('bianmin://kiosk/assets/none.js'))).status).toBe(404);
    expect((await serve(new Request('bianmin://other/index.html'))).status).toBe(404);
  });

  it('reaches the host from its top frame only, and hears its events', async () => {
    await kiosk.start();
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
    kiosk.events.emit('purchase.view', { screen: 'reading' });
    expect(kiosk.page().sent).toEqual([['bianmin:event', 'purchase.view', { screen: 'reading' }]]);
  });
});
