import type { Clock } from '@bianmin/card/clock';
import { afterCrash, isHung, recentCrashes } from '../policy/crashes.ts';
import type { PageFacts } from '../policy/crashes.ts';

/** The window's page, as far as it is kept up. */
export interface PagePort {
  /** Loads the page anew; what it shows is the host's, so nothing is lost. */
  load(): void;
  /** Ends the page's process, whatever it is doing. */
  kill(): void;
}

/** Brings a page back that crashed, hung or could not be loaded, with growing waits, until only a restart can help. */
export class PageKeeper {
  readonly #page: PagePort;
  readonly #clock: Clock;
  readonly #onGone: (reason: string) => void;
  readonly #onLoop: () => void;
  readonly #stop = new AbortController();
  #crashes: readonly number[] = [];
  /** Undefined while the page is gone and waits for its reload. */
  #facts: PageFacts | undefined;
  #paintedAt: number | null = null;

  constructor(init: {
    readonly page: PagePort;
    readonly clock: Clock;
    readonly onGone: (reason: string) => void;
    /** Reloading does not help any more. */
    readonly onLoop: () => void;
  }) {
    this.#page = init.page;
    this.#clock = init.clock;
    this.#onGone = init.onGone;
    this.#onLoop = init.onLoop;
  }

  /** When a page last painted, whichever it was; monotonic, ms. */
  get paintedAt(): number | null {
    return this.#paintedAt;
  }

  load(): void {
    if (this.#stop.signal.aborted) return;
    this.#facts = { loadedAt: this.#clock.monotonic(), paintedAt: null, unresponsiveAt: null };
    this.#page.load();
  }

  painted(): void {
    if (this.#facts === undefined) return;
    this.#paintedAt = this.#clock.monotonic();
    this.#facts = { ...this.#facts, paintedAt: this.#paintedAt };
  }

  setResponsive(responsive: boolean): void {
    if (this.#facts === undefined) return;
    this.#facts = { ...this.#facts, unresponsiveAt: responsive ? null : this.#clock.monotonic() };
  }

  /** The page's process ended, or the page could not be loaded. */
  gone(reason: string): void {
    // What ends while it is being replaced says nothing new.
    if (this.#facts === undefined || this.#stop.signal.aborted) return;
    this.#facts = undefined;
    this.#onGone(reason);
    const now = this.#clock.monotonic();
    this.#crashes = recentCrashes([...this.#crashes, now], now);
    const next = afterCrash(this.#crashes, now);
    if (next.action === 'restart') {
      this.#onLoop();
      return;
    }
    this.#clock.sleep(next.afterMs, this.#stop.signal).then(
      () => {
        this.load();
      },
      () => undefined,
    );
  }

  /** Ends a page that hangs. */
  look(): void {
    if (this.#facts === undefined || !isHung(this.#facts, this.#clock.monotonic())) return;
    this.#page.kill();
    this.gone('hung');
  }

  stop(): void {
    this.#stop.abort();
  }
}
