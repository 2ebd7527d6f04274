import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, powerSaveBlocker, protocol, session } from 'electron';
import electronUpdater from 'electron-updater';
import type { Clock } from '@bianmin/shared/clock';
import { loadHostEnvironment } from '../host/env.ts';
import type { Host, HostOptions } from '../host/host.ts';
import { createLog } from '../host/log.ts';
import { releaseCheck } from '../host/release-check.ts';
import { answerFrom } from '../ipc/answer.ts';
import { HOST_EVENTS } from '../ipc/events.ts';
import type { WireMessage } from '../ipc/wire.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../policy/channels.ts';
import { APP_URL, isOurSender, SCHEME } from '../policy/page.ts';
import { WEB_PREFERENCES } from '../policy/permissions.ts';
import { farShell } from '../upkeep/far-shell.ts';
import { GraphicsMemory } from '../upkeep/graphics-memory.ts';
import { Idleness } from '../policy/idleness.ts';
import { Leaver } from '../upkeep/leaver.ts';
import { makeUpdates } from '../upkeep/make-updates.ts';
import { followPage } from '../upkeep/page-events.ts';
import { PageKeeper } from '../upkeep/page-keeper.ts';
import { servePage } from '../upkeep/serve-page.ts';
import { systemdSupervisor } from '../upkeep/supervisor.ts';
import { displaySwitch, Upkeep } from '../upkeep/upkeep.ts';
import { guardApp, guardSession } from './guard.ts';
import { startPcscChild } from './pcsc.ts';

export interface KioskStart {
  readonly startHost: (options: HostOptions) => Promise<Host>;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Electron's shell: the same host in this process, the same renderer in a sandboxed window. Decisions are in policy/. */
export async function startKiosk({ startHost, clock, env }: KioskStart): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  guardApp();
  const inApp = (path: string): string => join(app.getAppPath(), 'dist', path);
  const settings = loadHostEnvironment({
    BIANMIN_DATA_DIR: app.getPath('userData'),
    BIANMIN_RENDERER_DIR: inApp('renderer'),
    ...env,
  });
  const log = createLog(settings.LOG_LEVEL);
  const onFault = (where: string, error: unknown): void => {
    log.warn({ where, err: error }, 'something went wrong and is being dealt with');
  };
  const dataDir = settings.BIANMIN_DATA_DIR;
  const idle = new Idleness(clock);
  // What there is to close, once it is there.
  let close = (): Promise<void> => Promise.resolve();
  const leaver = new Leaver({ clock, env, onFault, program: app, close: () => close() });
  const releaseKey = env['BIANMIN_RELEASE_KEY'] || undefined;
  const updates = makeUpdates({
    ...{ clock, env, app, dataDir, leaver, onFault, platform: process.platform },
    serverUrl: settings.BIANMIN_SERVER_URL,
    autoUpdater: () => electronUpdater.autoUpdater,
    check: (kind) => (releaseKey === undefined ? undefined : releaseCheck(releaseKey, kind)),
    ask: (said) => host.release(said),
    rest: async () => ({ busy: host.busy(), idleMs: idle.ms, undelivered: await host.undelivered() }),
  });
  // A release that does not come up is given up before anything of it starts.
  if ((await updates?.start()) === true) return;
  const graphics = new GraphicsMemory({ dataDir, version: app.getVersion(), clock });
  if (graphics.software) app.disableHardwareAcceleration();
  await app.whenReady();

  guardSession(session.defaultSession);
  protocol.handle(SCHEME, servePage(settings.BIANMIN_RENDERER_DIR));
  const host = await startHost({
    env: settings,
    log,
    shell: 'none',
    far: farShell({ idle, leaver, page: () => window.webContents }),
    startPcscChild: () => startPcscChild(inApp('pcsc-child/pcsc-child.js')),
    onPainted: () => {
      keeper.painted();
      updates?.painted();
    },
  });
  close = () => {
    upkeep.stop();
    keeper.stop();
    return host.close();
  };
  // Electron would show a dialog in front of everything.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nobody took');
    void leaver.leave(true);
  });
  app.on('window-all-closed', () => void leaver.leave(false));
  app.on('before-quit', (event) => {
    if (leaver.isClosed) return;
    event.preventDefault();
    void leaver.leave(false);
  });

  const window = new BrowserWindow({
    kiosk: app.isPackaged,
    show: false,
    backgroundColor: '#FBFAF6',
    webPreferences: { ...WEB_PREFERENCES, preload: inApp('preload/preload.cjs') },
  });
  const page = window.webContents;
  const keeper: PageKeeper = new PageKeeper({
    clock,
    page: {
      // That it failed is told by the event.
      load: () => void window.loadURL(APP_URL).catch(() => undefined),
      kill: () => {
        page.forcefullyCrashRenderer();
      },
    },
    onGone: (reason) => {
      log.warn({ reason }, 'the page is gone and comes back');
    },
    onLoop: () => {
      log.error({ software: graphics.software }, 'the page does not stay up');
      blame(2);
      void leaver.leave(true);
    },
  });
  const blame = (weight: 1 | 2): void => {
    try {
      if (graphics.blame(weight)) upkeep.restartWhenIdle();
    } catch (error) {
      onFault('graphics', error);
    }
  };
  window.once('ready-to-show', () => {
    window.show();
  });
  followPage(keeper, { window, page });
  page.on('input-event', () => {
    idle.touched();
  });
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type === 'GPU' && reason !== 'clean-exit') blame(1);
  });
  app.on('second-instance', () => {
    window.focus();
  });

  const upkeep: Upkeep = new Upkeep({
    ...{ clock, page: keeper, supervisor: systemdSupervisor(env), onFault, updates, idle },
    host: { busy: () => host.busy(), answers: () => host.router('host.status', null) },
    display: displaySwitch(powerSaveBlocker),
    restart: () => void leaver.leave(true),
  });
  carry(host, window);
  keeper.load();
  void upkeep.run();
}

/** The typed map over Electron's own channel. */
function carry(host: Host, window: BrowserWindow): void {
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, request: unknown): Promise<WireMessage> => {
    if (isOurSender(event.senderFrame))
      return answerFrom(host.router, { id: 0, call: String(name), request });
    return { id: 0, ok: false, code: 'ipc.forbidden', message: 'Only the kiosk’s own page may call.' };
  });
  for (const name of HOST_EVENTS) {
    host.events.on(name, (payload) => {
      if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, payload);
    });
  }
}
