import type { Clock } from '../clock.ts';

/**
 * What an APDU may take in all, ms, however often card or reader ask for more: a person stands there. With the abort
 * that may follow it stays under 30 s. A card that reckons for a few seconds is far from it.
 */
export const APDU_MS = 25_000;

/** The end of the time that the APDU under way has, whatever blocks and requests it is made of. */
export class ApduTime {
  readonly #clock: Clock | undefined;
  #until = Infinity;

  /** Without a clock there is no end: only the numbers of requests are counted then. */
  constructor(clock: Clock | undefined) {
    this.#clock = clock;
  }

  /** An APDU begins. */
  begin(): void {
    this.#until = this.#clock === undefined ? Infinity : this.#clock.monotonic() + APDU_MS;
  }

  /** On the clock's monotonic time. */
  get until(): number {
    return this.#until;
  }

  /** ms. */
  get left(): number {
    return this.#clock === undefined ? APDU_MS : Math.max(this.#until - this.#clock.monotonic(), 0);
  }
}
