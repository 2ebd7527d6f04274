import { EventEmitter } from 'node:events';

type Handler = (...args: unknown[]) => unknown;

/** What Electron was told, in order: `app.enableSandbox`, `page.load bianmin://kiosk/`. */
export const told: string[] = [];

/** Handlers by the name of the setter that took them. */
export const handlers = new Map<string, Handler>();

function setter(name: string) {
  return (...args: unknown[]): void => {
    told.push(name);
    const handler = args.find((arg) => typeof arg === 'function');
    if (handler !== undefined) handlers.set(name, handler as Handler);
  };
}

class FakeApp extends EventEmitter {
  isPackaged = true;
  /** Whether another one runs already. */
  isSecond = false;
  userData = '';
  readonly requestSingleInstanceLock = (): boolean => !this.isSecond;
  readonly quit = setter('app.quit');
  readonly enableSandbox = setter('app.enableSandbox');
  readonly disableHardwareAcceleration = setter('app.disableHardwareAcceleration');
  readonly getAppPath = (): string => '/app';
  readonly getVersion = (): string => '1.2.3';
  readonly getPath = (): string => this.userData;
  readonly whenReady = (): Promise<void> => {
    told.push('app.whenReady');
    return Promise.resolve();
  };
  readonly exit = (code: number): void => {
    told.push(`app.exit ${code}`);
  };
  readonly relaunch = (options: object): void => {
    told.push(`app.relaunch ${JSON.stringify(options)}`);
  };
}

class FakeContents extends EventEmitter {
  readonly sent: unknown[][] = [];
  readonly setWindowOpenHandler = setter('page.setWindowOpenHandler');
  readonly send = (...message: unknown[]): void => {
    this.sent.push(message);
  };
  readonly forcefullyCrashRenderer = (): void => {
    told.push('page.forcefullyCrashRenderer');
    this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  };
}

/** The windows that were made. */
export const windows: BrowserWindow[] = [];

class BrowserWindow extends EventEmitter {
  readonly options: { kiosk?: boolean; webPreferences: Record<string, unknown> };
  readonly webContents = new FakeContents();
  readonly show = setter('window.show');
  readonly focus = setter('window.focus');
  readonly isDestroyed = (): boolean => false;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    windows.push(this);
    told.push('window.new');
    app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    told.push(`page.load ${url}`);
    return Promise.resolve();
  }
}

class FakeSession extends EventEmitter {
  readonly setPermissionRequestHandler = setter('session.setPermissionRequestHandler');
  readonly setPermissionCheckHandler = setter('session.setPermissionCheckHandler');
  readonly setDevicePermissionHandler = setter('session.setDevicePermissionHandler');
  readonly setDisplayMediaRequestHandler = setter('session.setDisplayMediaRequestHandler');
  readonly setUSBProtectedClassesHandler = setter('session.setUSBProtectedClassesHandler');
  readonly setBluetoothPairingHandler = setter('session.setBluetoothPairingHandler');
  readonly webRequest = { onBeforeRequest: setter('session.onBeforeRequest') };
}

export const app = new FakeApp();
export const defaultSession = new FakeSession();

/** Electron as far as the kiosk's main process uses it; `vi.mock('electron', …)` gives it in its place. */
export const electron = {
  app,
  BrowserWindow,
  Menu: { setApplicationMenu: setter('Menu.setApplicationMenu') },
  ipcMain: { handle: setter('ipcMain.handle') },
  powerSaveBlocker: {
    start: (kind: string): number => {
      told.push(`blocker.start ${kind}`);
      return 7;
    },
    stop: (id: number): void => {
      told.push(`blocker.stop ${id}`);
    },
  },
  protocol: {
    registerSchemesAsPrivileged: setter('protocol.registerSchemesAsPrivileged'),
    handle: setter('protocol.handle'),
  },
  session: { defaultSession },
  utilityProcess: { fork: setter('utilityProcess.fork') },
};

/** Forgets everything, for the next test. */
export function resetElectron(userData: string): void {
  told.length = 0;
  windows.length = 0;
  handlers.clear();
  app.removeAllListeners();
  defaultSession.removeAllListeners();
  Object.assign(app, { userData, isSecond: false, isPackaged: true });
}
