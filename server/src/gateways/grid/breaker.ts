import type { Clock } from '@bianmin/card/clock';
import { GridError } from './error.ts';

export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** ms until one call may try again. */
  readonly coolMs: number;
}

/**
 * Stops calling a grid that is down, so that a terminal hears at once instead of after a time-out.
 * A business refusal is a sign of life. While open, nothing is sent: `grid.unavailable`.
 */
export class Breaker {
  readonly #limits: BreakerLimits;
  readonly #clock: Clock;
  #failures = 0;
  #openUntil = 0;
  #trying = false;

  constructor(limits: BreakerLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get open(): boolean {
    return this.#failures >= this.#limits.failures;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.open && (this.#trying || this.#clock.monotonic() < this.#openUntil)) {
      throw new GridError({
        code: 'grid.unavailable',
        message: 'The grid has not been answering; nothing was sent. Try again shortly.',
        context: { network: 'breaker-open' },
      });
    }
    this.#trying = this.open;
    try {
      const result = await work();
      this.#failures = 0;
      return result;
    } catch (error) {
      if (error instanceof GridError && error.code === 'grid.refused') this.#failures = 0;
      else {
        this.#failures += 1;
        if (this.open) this.#openUntil = this.#clock.monotonic() + this.#limits.coolMs;
      }
      throw error;
    } finally {
      this.#trying = false;
    }
  }
}
