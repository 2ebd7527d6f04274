import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import type { ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import type { Host, HostOptions } from '../host/host.ts';
import { bornRoot, ReleaseTrust } from '../host/release-trust.ts';
import { IpcError } from '../ipc/error.ts';
import { HostEventBus } from '../ipc/events.ts';
import { startKiosk } from '../main/kiosk.ts';
import { APP_URL } from '../policy/page.ts';
import { LOOK_MS } from '../upkeep/upkeep.ts';
import { resetElectron, told, windows } from './fake-electron.ts';

/** What is told when the page is loaded. */
export const LOAD = `page.load ${APP_URL}`;

/** What takes uncaught errors: the test runner's own are there before a test. */
const listeners = (): NodeJS.UncaughtExceptionListener[] => process.listeners('uncaughtException');

/** How often something was told, since the test began. */
export const count = (what: string): number => told.filter((line) => line === what).length;

/** The kiosk's main process over an Electron and a host that are none. Its file of tests must mock both of Electron's. */
export class KioskRig {
  readonly clock = new ManualClock();
  readonly events = new HostEventBus();
  readonly folder: string;
  busy = false;
  /** How often the host was closed. */
  closes = 0;
  /** The release that the server means for this kiosk. */
  offered: ReleaseOffer | undefined;
  close = (): Promise<void> => {
    this.closes += 1;
    return Promise.resolve();
  };
  painted: () => void = () => undefined;
  /** Those of the test runner itself. */
  readonly #untaken = listeners();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<KioskRig> {
    const folder = await mkdtemp(join(tmpdir(), 'bianmin-shell-'));
    resetElectron(folder);
    return new KioskRig(folder);
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    await startKiosk({
      startHost: (options) => this.#startHost(options),
      clock: this.clock,
      env: { BIANMIN_SERVER_URL: 'https://server.example', LOG_LEVEL: 'silent', ...env },
    });
    await settled();
  }

  /** Started once more on the same machine. */
  async startAgain(): Promise<void> {
    resetElectron(this.folder);
    await this.start();
  }

  ownListeners(): NodeJS.UncaughtExceptionListener[] {
    return listeners().filter((listener) => !this.#untaken.includes(listener));
  }

  page() {
    const contents = windows[0]?.webContents;
    if (contents === undefined) throw new Error('There is no window.');
    return contents;
  }

  crash(): void {
    this.page().emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });
  }

  /** For so long the page paints. */
  async beat(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += LOOK_MS) {
      this.painted();
      await this.clock.advance(LOOK_MS);
    }
  }

  async end(): Promise<void> {
    for (const listener of this.ownListeners()) process.off('uncaughtException', listener);
    await rm(this.folder, { recursive: true, force: true });
  }

  #startHost(options: HostOptions): Promise<Host> {
    told.push('host.start');
    this.painted = () => options.onPainted?.();
    const router = (name: string): Promise<unknown> =>
      name === 'host.status'
        ? Promise.resolve({ version: '1.2.3' })
        : Promise.reject(new IpcError({ code: 'ipc.unknown-call', message: 'The host has no such call.' }));
    const born = bornRoot(options.env);
    const host: Partial<Host> = {
      trust:
        born &&
        new ReleaseTrust({
          ...{ born, fetch: () => Promise.resolve(undefined), onFault: () => undefined },
          ...{ clock: this.clock, serverClock: { skewMs: 0 } },
          file: { read: () => undefined, write: () => undefined },
        }),
      router,
      events: this.events,
      busy: () => this.busy,
      undelivered: () => Promise.resolve(0),
      release: () => Promise.resolve(this.offered),
      close: () => this.close(),
    };
    return Promise.resolve(host as Host);
  }
}
