import type { Clock } from '@bianmin/shared/clock';

/**
 * How long nobody has been at it. From the page's own input and from purchases, since a system's idle time is not to be had
 * under every window system, and a card that is pulled is no input.
 */
export class Idleness {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #touchedAt: number;

  /** Somebody may just have switched it on. */
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
