import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';
import { loadHostEnvironment } from '../host/env.ts';
import { securityHeaders } from '../host/csp.ts';
import { startHost } from '../host/host.ts';
import type { Host } from '../host/host.ts';
import { createLog, faultOf, sentenceOf } from '../host/log.ts';
import { HOST_EVENTS } from '../ipc/events.ts';
import { IpcError } from '../ipc/error.ts';
import type { WireMessage } from '../ipc/wire.ts';
import { startPcscChild } from './pcsc.ts';
import {
  APP_URL,
  CALL_CHANNEL,
  EVENT_CHANNEL,
  isOurSender,
  mayHave,
  mayNavigate,
  resolveRequest,
  SCHEME,
  WEB_PREFERENCES,
  windowOpenAnswer,
} from './policy.ts';

/** Electron's shell: the same host in this process, the same renderer in a sandboxed window. Decisions are in policy.ts. */
async function main(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(windowOpenAnswer);
  });
  await app.whenReady();

  const rendererDir = join(app.getAppPath(), 'dist/renderer');
  const env = loadHostEnvironment({
    BIANMIN_DATA_DIR: app.getPath('userData'),
    BIANMIN_RENDERER_DIR: rendererDir,
    ...process.env,
  });
  const log = createLog(env.LOG_LEVEL);
  const host = await startHost({
    env,
    log,
    shell: 'none',
    startPcscChild: () => startPcscChild(join(app.getAppPath(), 'dist/pcsc-child/pcsc-child.js')),
  });

  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(mayHave());
  });
  session.defaultSession.setPermissionCheckHandler(mayHave);
  session.defaultSession.setDevicePermissionHandler(mayHave);
  protocol.handle(SCHEME, async (request) => {
    const asset = resolveRequest(rendererDir, request.url, request.method);
    const body = asset === undefined ? undefined : await readFile(asset.file).catch(() => undefined);
    if (asset === undefined || body === undefined) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(body), {
      headers: { ...securityHeaders(), 'content-type': asset.type },
    });
  });

  const window = new BrowserWindow({
    kiosk: app.isPackaged,
    show: false,
    backgroundColor: '#FBFAF6',
    webPreferences: { ...WEB_PREFERENCES, preload: join(app.getAppPath(), 'dist/preload/preload.cjs') },
  });
  window.removeMenu();
  window.once('ready-to-show', () => {
    window.show();
  });
  // A page that crashed is made anew; the purchase is the host's and goes on.
  window.webContents.on('render-process-gone', () => {
    window.webContents.reload();
  });
  app.on('second-instance', () => {
    window.focus();
  });
  carry(host, window);
  await window.loadURL(APP_URL);

  app.on('window-all-closed', () => {
    host.close().then(
      () => {
        app.exit(0);
      },
      (error: unknown) => {
        log.error(faultOf(error), 'the host did not close');
        app.exit(1);
      },
    );
  });
}

/** The typed map over Electron's own channel. */
function carry(host: Host, window: BrowserWindow): void {
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, request: unknown): Promise<WireMessage> => {
    if (!isOurSender(event.senderFrame)) {
      return { id: 0, ok: false, code: 'ipc.forbidden', message: 'Only the kiosk’s own page may call.' };
    }
    try {
      return { id: 0, ok: true, response: await host.router(String(name), request) };
    } catch (error) {
      const known = error instanceof IpcError;
      const code = known ? error.code : 'ipc.failed';
      return { id: 0, ok: false, code, message: known ? error.message : 'The host could not do this.' };
    }
  });
  for (const name of HOST_EVENTS) {
    host.events.on(name, (payload) => {
      if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, payload);
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The kiosk cannot start: ${sentenceOf(error)}\n`);
  app.exit(1);
});
