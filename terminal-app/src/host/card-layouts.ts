import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import type { Journal } from '@bianmin/card/meter-card/journal';
import type { CardLayouts, Recognise } from '@bianmin/card/meter-card/layout';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import type { CardLayoutsAnswer } from '@bianmin/purchase/api/card-layouts';
import { noOlder, openFormerLayouts, openLayouts } from '@bianmin/purchase/node/signed-layouts';
import type { ReleaseTrust } from './release-trust.ts';

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
  /** Who signs them; absent: this kiosk was told of nobody and stays with what it was born with. */
  readonly trust: Pick<ReleaseTrust, 'root' | 'refresh' | 'requireFresh'> | undefined;
  /** What signed alone, once: what was kept of it is read by still, and nothing more is taken of it. */
  readonly formerKey: KeyObject | undefined;
  /** Asks the server for what is newer than a version, as one with this version of the root; undefined: nothing is. */
  readonly fetch: (have: number, root: number) => Promise<CardLayoutsAnswer | undefined>;
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
    const { trust, fetch, onFault } = this.#init;
    if (trust === undefined) return;
    try {
      await trust.refresh();
      const newest = (this.#next ?? this.#used).layouts;
      const answer = await fetch(newest.version, trust.root.version);
      if (answer !== undefined) {
        const opened = openLayouts(answer.document, trust.root);
        const layouts = noOlder(opened.layouts, newest);
        // Only what is taken must be fresh: cards are read by it for as long as there is nothing newer.
        trust.requireFresh(opened.times);
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
  #open(document: string | null | undefined): Signed | undefined {
    if (document === null || document === undefined) return undefined;
    try {
      const layouts = this.#layoutsOf(document);
      return layouts !== undefined && layouts.version > this.version ? { jws: document, layouts } : undefined;
    } catch (error) {
      this.#init.onFault('card layouts', error);
      return undefined;
    }
  }

  #layoutsOf(document: string): CardLayouts | undefined {
    const { trust, formerKey } = this.#init;
    if (document.startsWith('{')) return trust && openLayouts(document, trust.root).layouts;
    return formerKey && openFormerLayouts(document, formerKey);
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
