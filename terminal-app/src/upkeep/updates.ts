import type { Clock } from '@bianmin/card/clock';
import { firstAskIn, nextAskIn } from '../policy/feed.ts';
import { UpdateError } from '../policy/update-error.ts';
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
import type { KeptFile } from '../files/kept-file.ts';
import type { Offer, Ready, ReleaseSource, Said } from './release-source.ts';

/** An installation ends the program within this, ms. */
export const INSTALL_WITHIN_MS = 60_000;

export interface UpdatesInit {
  readonly clock: Clock;
  readonly version: string;
  readonly file: KeptFile<UpdateState>;
  readonly installers: KeptInstallers;
  readonly replacement: Replacement;
  /** Absent: no release is taken; one that does not come up is given up all the same. */
  readonly source: ReleaseSource | undefined;
  /** The installer of the running release, where it lies about: an AppImage. */
  readonly running: string | undefined;
  readonly moment: () => Promise<UpdateMoment>;
  /** Closes the host; the program goes on. */
  readonly close: () => Promise<void>;
  /** Ends the program; `again`: it is started anew. */
  readonly leave: (again: boolean) => Promise<void>;
  readonly onFault: (where: string, error: unknown) => void;
  /** 0 to 1. */
  readonly chance: () => number;
}

/**
 * Takes the releases that the server means for this terminal when it is idle, and goes back to the last good one
 * when a release does not come up.
 */
export class Updates {
  readonly #init: UpdatesInit;
  readonly #startedAt: number;
  #state: UpdateState;
  #askAt: number;
  /** One whose installer is a file of what was signed. */
  #ready: Ready | undefined;
  #busy = false;

  constructor(init: UpdatesInit) {
    this.#init = init;
    this.#startedAt = init.clock.monotonic();
    this.#askAt = this.#startedAt + nextAskIn(init.chance());
    this.#state = onStart(init.file.read(), { version: init.version, now: init.clock.now() });
  }

  /** Nothing is being asked, downloaded or installed. */
  get idle(): boolean {
    return !this.#busy;
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
    // Whether a release came up, or was given up, is told soon.
    this.#askAt = clock.monotonic() + firstAskIn(this.#init.chance());
    try {
      if (running !== undefined && installers.find(version) === undefined) installers.keep(version, running);
      installers.keepOnly([version]);
    } catch (error) {
      onFault('installers', error);
    }
  }

  /** One look, every few seconds: trial over? Ask the server? Install? */
  async look(): Promise<void> {
    const { clock, chance, source } = this.#init;
    const now = clock.monotonic();
    if (await this.#fallBack(now - this.#startedAt)) return;
    // A release on trial does not look for the next one.
    if (this.#state.healthyAt === null || this.#busy || source === undefined) return;
    if (this.#ready !== undefined) {
      await this.#install(this.#ready, source);
    } else if (now >= this.#askAt) {
      this.#askAt = now + nextAskIn(chance());
      void this.#download(source);
    }
  }

  async #download(source: ReleaseSource): Promise<void> {
    this.#busy = true;
    try {
      const offer = await this.#ask(source);
      if (offer !== undefined && mayTake(this.#state, offer.version)) await this.#take(offer, source);
    } catch (error) {
      this.#init.onFault('updates', error);
    } finally {
      this.#busy = false;
    }
  }

  async #take(offer: Offer, source: ReleaseSource): Promise<void> {
    const { updater, check, feedOf } = source;
    const { version } = offer;
    await this.#orTell(version, source, async () => {
      const signed = check.open(offer);
      const ready = await updater.download(feedOf(offer.path), (found) => found === version);
      if (ready === undefined) return;
      await signed.verify(ready.installer);
      this.#ready = ready;
    });
  }

  async #install(ready: Ready, source: ReleaseSource): Promise<void> {
    const { moment, installers, close, clock, leave } = this.#init;
    if (!mayInstallUpdate(await moment())) return;
    this.#busy = true;
    const stands = await this.#stands(ready, source);
    this.#busy = false;
    // The terminal may be in use by now.
    if (!stands || !mayInstallUpdate(await moment())) return;
    // Kept now: when this release is good it is what the next one falls back to.
    installers.keep(ready.version, ready.installer);
    this.#busy = true;
    await close();
    source.updater.install();
    // Still here: it could not be installed, and nothing is open any more.
    await clock.sleep(INSTALL_WITHIN_MS);
    await leave(true);
  }

  /** Whether what is downloaded is still meant for this terminal, and still what was signed. Never fails. */
  async #stands({ version, installer }: Ready, source: ReleaseSource): Promise<boolean> {
    try {
      // It may have been halted or withdrawn since it was downloaded.
      const still = await this.#ask(source, { version, is: 'installing' });
      if (still?.version === version) {
        // It has lain about since, and may have run out.
        await this.#orTell(version, source, () => source.check.open(still).verify(installer));
        return true;
      }
      this.#ready = undefined;
    } catch (error) {
      this.#init.onFault('updates', error);
    }
    return false;
  }

  /** What is not ours is told to the server, which then offers it no more. */
  async #orTell(version: string, source: ReleaseSource, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UpdateError) {
        this.#ready = undefined;
        await this.#ask(source, { version, is: 'failed', code: error.code });
      }
      throw error;
    }
  }

  #ask({ ask }: ReleaseSource, step?: Said['step']): Promise<Offer | undefined> {
    const { version } = this.#init;
    return ask({ version, refused: [...this.#state.refused], ...(step === undefined ? {} : { step }) });
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
