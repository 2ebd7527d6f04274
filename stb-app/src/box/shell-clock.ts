import type { AbortSignalLike, Clock } from '@bianmin/card/clock';
import type { ShellLink } from './shell-link.ts';

/**
 * The box's time as the shell knows it: old boxes begin in 1970, and a page's own clock stands still while the box
 * sleeps. Between two looks the page's clock carries on.
 */
export class ShellClock implements Clock {
  readonly #link: ShellLink;
  readonly #page: Clock;
  #wallMs = 0;
  #monotonicMs = 0;
  #trusted = false;

  constructor(link: ShellLink, page: Clock) {
    this.#link = link;
    this.#page = page;
    this.#wallMs = page.now() - page.monotonic();
  }

  /** Whether the time is the server's, signed; else it is whatever the box began with. */
  get trusted(): boolean {
    return this.#trusted;
  }

  /** Looks at the shell's clocks; to be called at the start, after a rest, and while the time is not trusted. */
  async look(): Promise<void> {
    const { epochMs, monotonicMs, trusted = false } = await this.#link.ask({ op: 'time' });
    const page = this.#page.monotonic();
    if (epochMs !== undefined) this.#wallMs = epochMs - page;
    // Leases are measured on it: it may be found to be later, and never earlier.
    if (monotonicMs !== undefined) this.#monotonicMs = Math.max(this.#monotonicMs, monotonicMs - page);
    this.#trusted = trusted;
  }

  now(): number {
    return Math.round(this.#page.monotonic() + this.#wallMs);
  }

  monotonic(): number {
    return this.#page.monotonic() + this.#monotonicMs;
  }

  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return this.#page.sleep(ms, signal);
  }
}
