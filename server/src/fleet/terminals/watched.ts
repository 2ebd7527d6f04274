import type { Redis } from 'ioredis';
import type { Clock } from '@bianmin/card/clock';

/** Terminals that a user looks at, until when, ms: a sorted set, which each beat looks into on its one trip. */
export const WATCHED = 'fleet:watched';
/** For how long after the last look, ms. */
export const WATCHED_MS = 300_000;
/** Between two beats of a terminal that is watched, ms. */
export const WATCHED_BEAT_MS = 2_000;

/**
 * Terminals whose commands a user has open: they beat more often, so that what they are told reaches them at once.
 * May be lost: then it takes a usual beat.
 */
export class WatchedTerminals {
  readonly #redis: Redis;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(redis: Redis, clock: Pick<Clock, 'now'>) {
    this.#redis = redis;
    this.#clock = clock;
  }

  async look(id: string): Promise<void> {
    const now = this.#clock.now();
    await this.#redis
      .multi()
      .zremrangebyscore(WATCHED, '-inf', now)
      .zadd(WATCHED, now + WATCHED_MS, id)
      .exec();
  }
}
