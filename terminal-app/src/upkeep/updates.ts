import type { Clock } from '@bianmin/shared/clock';
import { nextAskIn } from '../policy/feed.ts';
import { mayInstallUpdate } from '../policy/update-moment.ts';
import type { UpdateMoment } from '../policy/update-moment.ts';
import {
  fallBackTo,
  HEALTHY_AFTER_MS,
  mayTake,
  onHealthy,
  onRefused,
  onStart,
} from '../policy/update-state.ts';
import type { UpdateState } from '../policy/update-state.ts';
import type { KeptInstallers, Replacement } from './installers.ts';
import type { KeptFile } from './kept-file.ts';

/** An installation ends the program within this, ms. */
export const INSTALL_WITHIN_MS = 60_000;

/** Asks a feed and downloads; electron-updater behind main/updater.ts. */
export interface Updater {
  /** Asks, and downloads what is newer and taken; resolves with what is ready. */
  download(takes: (version: string) => boolean): Promise<Ready | undefined>;
  /** Ends the program and installs what is ready. */
  install(): void;
}

/** A release that is downloaded and verified. */
export interface Ready {
  readonly version: string;
  readonly installer: string;
}

export interface UpdatesInit {
  readonly clock: Clock;
  readonly version: string;
  readonly file: KeptFile<UpdateState>;
  readonly installers: KeptInstallers;
  readonly replacement: Replacement;
  readonly updater: Updater;
  /** The installer of the running release, where it lies about: an AppImage. */
  readonly running: string | undefined;
  readonly moment: () => Promise<UpdateMoment>;
  /** Closes the host; the program goes on. */
  readonly close: () => Promise<void>;
  /** Ends the program; `again`: somebody starts it anew. */
  readonly leave: (again: boolean) => Promise<void>;
  readonly onFault: (where: string, error: unknown) => void;
  /** 0 to 1. */
  readonly chance: () => number;
}

/** Takes releases from the feed when nobody is there, and goes back to the last good one when a release does not come up. */
export class Updates {
  readonly #init: UpdatesInit;
  readonly #startedAt: number;
  #state: UpdateState;
  #askAt: number;
  #ready: Ready | undefined;
  #busy = false;

  constructor(init: UpdatesInit) {
    this.#init = init;
    this.#startedAt = init.clock.monotonic();
    this.#askAt = this.#startedAt + nextAskIn(init.chance());
    this.#state = onStart(init.file.read(), { version: init.version, now: init.clock.now() });
  }

  /** Before anything else starts: counts the start; resolves with whether the program is leaving for an older release. */
  async start(): Promise<boolean> {
    this.#keep(this.#state);
    return this.#fallBack(0);
  }

  /** The page painted. */
  painted(): void {
    const { clock, installers, running, version, onFault } = this.#init;
    if (this.#state.healthyAt !== null || clock.monotonic() - this.#startedAt < HEALTHY_AFTER_MS) return;
    this.#keep(onHealthy(this.#state, clock.now()));
    try {
      if (running !== undefined && installers.find(version) === undefined) installers.keep(version, running);
      installers.keepOnly([version]);
    } catch (error) {
      onFault('installers', error);
    }
  }

  /** One look, every few seconds: trial over? Ask the feed? Install? */
  async look(): Promise<void> {
    const { clock, chance } = this.#init;
    const now = clock.monotonic();
    if (await this.#fallBack(now - this.#startedAt)) return;
    // A release on trial does not look for the next one.
    if (this.#state.healthyAt === null || this.#busy) return;
    if (this.#ready !== undefined) {
      await this.#install(this.#ready);
    } else if (now >= this.#askAt) {
      this.#askAt = now + nextAskIn(chance());
      void this.#download();
    }
  }

  async #download(): Promise<void> {
    this.#busy = true;
    try {
      this.#ready = await this.#init.updater.download((version) => mayTake(this.#state, version));
    } catch (error) {
      this.#init.onFault('updates', error);
    } finally {
      this.#busy = false;
    }
  }

  async #install({ version, installer }: Ready): Promise<void> {
    if (!mayInstallUpdate(await this.#init.moment())) return;
    this.#busy = true;
    // Kept now: when this release is good it is what the next one falls back to.
    this.#init.installers.keep(version, installer);
    await this.#init.close();
    this.#init.updater.install();
    // Still here: it could not be installed, and nothing is open any more.
    await this.#init.clock.sleep(INSTALL_WITHIN_MS);
    await this.#init.leave(true);
  }

  async #fallBack(runMs: number): Promise<boolean> {
    const { installers, replacement, leave, onFault } = this.#init;
    const version = fallBackTo(this.#state, runMs);
    if (version === undefined || this.#state.refused.includes(this.#state.version)) return false;
    const installer = installers.find(version);
    this.#keep(onRefused(this.#state));
    if (installer === undefined) {
      onFault('updates', new Error('There is no installer to fall back to.'));
      return false;
    }
    replacement.replaceBy(installer);
    await leave(!replacement.starts);
    return true;
  }

  #keep(state: UpdateState): void {
    this.#state = state;
    try {
      this.#init.file.write(state);
    } catch (error) {
      this.#init.onFault('update-state', error);
    }
  }
}
