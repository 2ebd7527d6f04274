import type { Clock } from '@bianmin/card/clock';
import { OVERLAP_MS } from './read-changes.ts';

/** As far as clocks go wrong. */
const FAR_MS = 48 * 3_600_000;
const FAR_EVERY_MS = 3_600_000;

/** How far before its mark a reader of changes begins: each hour, and at start, much further, for writers whose clock is wrong. */
export class LookBack {
  readonly #clock: Pick<Clock, 'now'>;
  #farAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** For the round that begins now, ms. */
  nextMs(): number {
    const now = this.#clock.now();
    if (now - this.#farAt < FAR_EVERY_MS) return OVERLAP_MS;
    this.#farAt = now;
    return FAR_MS;
  }
}
