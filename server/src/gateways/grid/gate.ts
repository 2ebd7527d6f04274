import type { Clock } from '@bianmin/card/clock';
import { GridError } from './error.ts';

/** At most `concurrency` calls at once and `queue` waiting; no call waits longer than `waitMs`. */
export interface GateLimits {
  readonly concurrency: number;
  readonly queue: number;
}

/**
 * Keeps one slow operation from taking every connection. A call that is turned away was never sent:
 * `grid.unavailable`.
 */
export class Gate {
  readonly #limits: GateLimits;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: GateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  async run<T>(work: () => Promise<T>, waitMs: number): Promise<T> {
    await this.#enter(waitMs);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next(); // hands its place on
    }
  }

  async #enter(waitMs: number): Promise<void> {
    if (this.#running < this.#limits.concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#limits.queue) throw busy();
    const done = new AbortController();
    const entered = new Promise<true>((resolve) => {
      const enter = (): void => {
        done.abort();
        resolve(true);
      };
      this.#waiting.push(enter);
      this.#clock.sleep(waitMs, done.signal).then(
        () => {
          const at = this.#waiting.indexOf(enter);
          if (at >= 0) this.#waiting.splice(at, 1);
          resolve(true);
        },
        () => undefined, // entered in time
      );
    });
    await entered;
    if (!done.signal.aborted) throw busy();
  }
}

function busy(): GridError {
  return new GridError({
    code: 'grid.unavailable',
    message: 'Too many requests are waiting for the grid; nothing was sent. Try again shortly.',
    context: { network: 'queue-full' },
  });
}
