import type { Clock } from '../clock.ts';

/**
 * What an APDU may take in all, ms, however often card or reader ask for more: a person stands there. With the abort
 * that may follow it stays under 30 s. A card that reckons for a few seconds is far from it.
 */
export const APDU_MS = 25_000;

/** The time that the APDU under way has, whatever commands it is made of. */
export class ApduTime {
  readonly #clock: Clock | undefined;
  #until = 0;

  /** Without a clock each command has the whole time. */
  constructor(clock: Clock | undefined) {
    this.#clock = clock;
  }

  /** An APDU begins. */
  begin(): void {
    this.#until = (this.#clock?.monotonic() ?? 0) + APDU_MS;
  }

  /** ms. */
  get left(): number {
    return this.#clock === undefined ? APDU_MS : Math.max(this.#until - this.#clock.monotonic(), 0);
  }
}
