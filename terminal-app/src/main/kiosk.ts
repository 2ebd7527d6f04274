import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, powerSaveBlocker, protocol, session } from 'electron';
import electronUpdater from 'electron-updater';
import type { Clock } from '@bianmin/card/clock';
import { loadHostEnvironment, packagedRoot } from '../host/env.ts';
import type { Host, HostOptions } from '../host/host.ts';
import { createLog } from '../host/log.ts';
import { releaseChecks } from '../host/release-check.ts';
import { answerFrom } from '../ipc/answer.ts';
import { HOST_EVENTS } from '../ipc/events.ts';
import type { WireMessage } from '../ipc/wire.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../policy/channels.ts';
import { isOurSender, SCHEME } from '../policy/page.ts';
import { WEB_PREFERENCES } from '../policy/permissions.ts';
import { farShell } from '../upkeep/far-shell.ts';
import { endWith } from '../upkeep/endings.ts';
import { GraphicsMemory } from '../upkeep/graphics-memory.ts';
import { followGraphics } from '../upkeep/graphics-faults.ts';
import { Idleness } from '../policy/idleness.ts';
import { Leaver } from '../upkeep/leaver.ts';
import { makeUpdates, type Installation } from '../upkeep/make-updates.ts';
import { keepWindow } from '../upkeep/kept-window.ts';
import type { PageKeeper } from '../upkeep/page-keeper.ts';
import { servePage } from '../upkeep/serve-page.ts';
import { systemdSupervisor } from '../upkeep/supervisor.ts';
import type { Updates } from '../upkeep/updates.ts';
import { displaySwitch, Upkeep } from '../upkeep/upkeep.ts';
import { guardApp, guardSession } from './guard.ts';
import { startDeviceChild } from './device-process.ts';

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
  const { settings, dataDir, log, onFault } = surroundings(env);
  const idle = new Idleness(clock);
  // What there is to close, once it is there.
  let close = (): Promise<void> => Promise.resolve();
  const leaver = new Leaver({ clock, env, onFault, program: app, close: () => close() });
  const updates = updatesOf({ clock, env, settings, dataDir, leaver, onFault, idle, host: () => host });
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
    startDeviceChild: (driver) => startDeviceChild(inApp('device-child/device-child.js'), driver),
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
  endWith(leaver, { app, process, log });

  const window = openWindow();
  // Alt+F4, or whatever else closes windows, ends no kiosk; the program itself ends by its own exit.
  window.on('close', (event) => {
    if (app.isPackaged && !leaver.isClosed) event.preventDefault();
  });
  const blame = followGraphics(app, { graphics, onFault, restart: () => upkeep.restartWhenIdle() });
  const keeper: PageKeeper = keepWindow(window, { clock, log, idle, graphics, blame, leaver });
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

/** Sandboxed; it is shown once it has something to show. */
function openWindow(): BrowserWindow {
  return new BrowserWindow({
    kiosk: app.isPackaged,
    show: false,
    backgroundColor: '#FBFAF6',
    webPreferences: { ...WEB_PREFERENCES, preload: inApp('preload/preload.cjs') },
  });
}

/** Where the kiosk keeps its things, and where it says what went wrong. */
function surroundings(env: KioskStart['env']) {
  const settings = loadHostEnvironment({
    BIANMIN_DATA_DIR: app.getPath('userData'),
    BIANMIN_RENDERER_DIR: inApp('renderer'),
    ...packagedRoot(inApp('.')),
    ...env,
  });
  const log = createLog(settings.LOG_LEVEL);
  const onFault = (where: string, error: unknown): void => {
    log.warn({ where, err: error }, 'something went wrong and is being dealt with');
  };
  return { settings, dataDir: settings.BIANMIN_DATA_DIR, log, onFault };
}

/** Updates of this program, when the host, which comes later, has nothing to do. */
function updatesOf(
  of: Pick<Installation, 'clock' | 'env' | 'dataDir' | 'leaver' | 'onFault'> & {
    readonly settings: HostOptions['env'];
    readonly idle: Idleness;
    readonly host: () => Host;
  },
): Updates | undefined {
  const { settings, idle, host } = of;
  return makeUpdates({
    ...of,
    app,
    platform: process.platform,
    serverUrl: settings.BIANMIN_SERVER_URL,
    autoUpdater: () => electronUpdater.autoUpdater,
    check: releaseChecks({ settings, running: app.getVersion(), trust: () => host().trust }),
    ask: (said) => host().release(said),
    rest: async () => ({ busy: host().busy(), idleMs: idle.ms, undelivered: await host().undelivered() }),
  });
}

function inApp(path: string): string {
  return join(app.getAppPath(), 'dist', path);
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
