import type { Clock } from '@bianmin/card/clock';

/**
 * How long the terminal was not used. From the page's own input and from purchases, since a system's idle time is not
 * to be had under every window system, and a card that is pulled is no input.
 */
export class Idleness {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #touchedAt: number;

  /** It may just have been switched on by hand. */
  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#touchedAt = clock.monotonic();
  }

  touched(): void {
    this.#touchedAt = this.#clock.monotonic();
  }

  /** ms. */
  get ms(): number {
    return this.#clock.monotonic() - this.#touchedAt;
  }
}
