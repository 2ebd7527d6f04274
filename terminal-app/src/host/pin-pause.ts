import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { ApiError } from '@bianmin/purchase/api/client-error';

/** Wrong ones in a row, of more than one person, before the first wait: one person is locked by the server after five. */
const FREE = 10;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 16 * 60_000;

/**
 * Wrong PINs at this terminal. The server locks a person's; what types by itself goes through numbers too, and is held up here:
 * a minute, then twice as long each time. A right one begins anew.
 */
export class PinPause {
  readonly #clock: Clock;
  #wrong = 0;
  #until = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks the server about a number and PIN; `request.rate-limited` without asking while the wait lasts. */
  async check<T>(ask: () => Promise<T>): Promise<T> {
    const left = this.#until - this.#clock.monotonic();
    if (left > 0) {
      throw new ApiError({
        ...{ code: 'request.rate-limited', status: 429, retryAfterMs: left },
        message: 'Too many wrong PINs at this terminal. Wait and try again.',
      });
    }
    try {
      const answer = await ask();
      this.#wrong = 0;
      return answer;
    } catch (error) {
      if (codeOf(error) === 'float.bad-pin') this.#count();
      throw error;
    }
  }

  #count(): void {
    this.#wrong += 1;
    if (this.#wrong < FREE) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.#wrong - FREE), LONGEST_WAIT_MS);
    this.#until = this.#clock.monotonic() + wait;
  }
}
