import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../../kernel/problem.ts';
import { TokenBucket } from '../../kernel/token-bucket.ts';

/** New orders of one process while Redis is away: MongoDB does its work then, too. A minute, and at once. */
export const WITHOUT_REDIS = { perMinute: 240, atOnce: 8 } as const;

/** Holds new orders to a pace while it has to; what was begun goes on at any. */
export class OrderPace {
  readonly #isHeld: () => boolean;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #room: TokenBucket;

  constructor(init: { readonly isHeld: () => boolean; readonly clock: Pick<Clock, 'monotonic'> }) {
    this.#isHeld = init.isHeld;
    this.#clock = init.clock;
    this.#room = new TokenBucket(WITHOUT_REDIS.atOnce, init.clock.monotonic());
  }

  /** Throws `server.unavailable` with the time until the next one. */
  take(): void {
    if (!this.#isHeld()) return;
    const { perMinute, atOnce } = WITHOUT_REDIS;
    if (this.#room.take(this.#clock.monotonic(), { perSecond: perMinute / 60, most: atOnce })) return;
    throw new ProblemError({
      code: 'server.unavailable',
      message: 'Orders are taken at a lower pace for now. Nothing was taken. Try again in a moment.',
      retryAfterS: 2,
    });
  }
}
