import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { CardLayoutsAnswer } from '@bianmin/shared/api/card-layouts';
import type { Clock } from '@bianmin/shared/clock';
import { BUILT_IN_LAYOUTS } from '@bianmin/shared/meter-card/built-in-layouts';
import type { Journal } from '@bianmin/shared/meter-card/journal';
import type { CardLayouts, Recognise } from '@bianmin/shared/meter-card/layout';
import { recogniserOf } from '@bianmin/shared/meter-card/recognise';
import { noOlder, openLayouts } from '@bianmin/shared/node/signed-layouts';

/** How often the server is asked, ms. */
const EVERY_MS = 600_000;
/** A torn card is waited for so long, ms; one that never comes back must not keep every other card from new layouts. */
const WAITS_MS = 7 * 86_400_000;
const TORN: readonly string[] = ['intent', 'presenting', 'writing'];

/** Signed documents: the one that cards are read by, and the newer one that takes its place. */
export const keptLayouts = z.strictObject({
  used: z.string().nullable(),
  next: z.string().nullable(),
});
export type KeptLayouts = z.infer<typeof keptLayouts>;

export interface LayoutKeeperInit {
  /** Of releases; absent: this kiosk was set up without one and stays with what it was born with. */
  readonly key: KeyObject | undefined;
  /** Asks the server for what is newer than a version; undefined: nothing is. */
  readonly fetch: (have: number) => Promise<CardLayoutsAnswer | undefined>;
  /** Survives a power cut; see `KeptFile`. */
  readonly file: { read(): KeptLayouts | undefined; write(value: KeptLayouts): void };
  readonly journal: Pick<Journal, 'list'>;
  /** Whether a purchase is under way. */
  readonly busy: () => boolean;
  readonly clock: Clock;
  readonly onFault: (where: string, error: unknown) => void;
}

interface Signed {
  readonly jws: string | null;
  readonly layouts: CardLayouts;
}

/**
 * The card layouts of this kiosk. What comes from the server is believed by its signature, never goes back to an earlier
 * version, and is kept. It is used from a next card on: not while a purchase is under way, nor while a card that was torn
 * under the layouts before it is waited for, which must be finished under the same.
 */
export class LayoutKeeper {
  readonly #init: LayoutKeeperInit;
  readonly #stopping = new AbortController();
  #used: Signed = { jws: null, layouts: BUILT_IN_LAYOUTS };
  #next: Signed | undefined;
  #recognise = recogniserOf(BUILT_IN_LAYOUTS);
  #running: Promise<void> | undefined;

  constructor(init: LayoutKeeperInit) {
    this.#init = init;
    const kept = init.file.read();
    this.#use(this.#open(kept?.used) ?? this.#used);
    this.#next = this.#open(kept?.next);
  }

  /** The version that cards are read by. */
  get version(): number {
    return this.#used.layouts.version;
  }

  /** By the layouts in use when the card is put in. */
  readonly recognise: Recognise = (session, reader) => this.#recognise(session, reader);

  /** Asks now, keeps what is newer, and uses it where it may. Never fails. */
  async refresh(): Promise<void> {
    const { key, fetch, onFault } = this.#init;
    if (key === undefined) return;
    try {
      const newest = (this.#next ?? this.#used).layouts;
      const answer = await fetch(newest.version);
      if (answer !== undefined) {
        const layouts = noOlder(openLayouts(answer.document, key), newest);
        const next = { jws: answer.document, layouts };
        this.#keep(this.#used, next);
        this.#next = next;
      }
      await this.#adopt();
    } catch (error) {
      onFault('card layouts', error);
    }
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #adopt(): Promise<void> {
    const { journal, clock, busy } = this.#init;
    const next = this.#next;
    if (next === undefined) return;
    const since = clock.now() - WAITS_MS;
    const torn = (await journal.list()).some(
      ({ phase, startedAt }) => TORN.includes(phase) && startedAt > since,
    );
    // Asked last: a purchase may have begun meanwhile.
    if (torn || busy()) return;
    this.#keep(next, undefined);
    this.#next = undefined;
    this.#use(next);
  }

  #use(signed: Signed): void {
    this.#used = signed;
    this.#recognise = recogniserOf(signed.layouts);
  }

  #keep(used: Signed, next: Signed | undefined): void {
    this.#init.file.write({ used: used.jws, next: next?.jws ?? null });
  }

  /** What was kept, if it is still believed and newer than what this version was born with. */
  #open(jws: string | null | undefined): Signed | undefined {
    const { key, onFault } = this.#init;
    if (key === undefined || jws === null || jws === undefined) return undefined;
    try {
      const layouts = openLayouts(jws, key);
      return layouts.version > this.version ? { jws, layouts } : undefined;
    } catch (error) {
      onFault('card layouts', error);
      return undefined;
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.refresh();
      // Rejects only when it is told to stop.
      await this.#init.clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }
}
