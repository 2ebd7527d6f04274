import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Reach } from '../../adapters/redis/reach.ts';
import { reachOf } from '../../adapters/redis/redis-reach.ts';

/** What must not have been there before, for who asks Redis about it along with other things. */
export interface Once {
  readonly key: string;
  readonly ttlS: number;
}

/** Of a nonce that is short and of our own alphabet by its form; `scope` keeps senders and kinds apart. */
export function onceOf(scope: string, nonce: string, ttlS: number): Once {
  return { key: `jti:${scope}:${nonce}`, ttlS };
}

/** Where used proofs are remembered: in Redis, or in what stands in for it. */
export type MarkedIn = 'redis' | 'stand-in';

/** Takes what was not there; durable, and for all processes. */
export interface StandInMarks {
  putNew(key: string, value: string, ttlMs: number): Promise<boolean>;
}

/** For so long after it was away from any process, what all must be able to ask about is not put into Redis, ms. */
const TOLD_MS = 10_000;
/** Clocks of hosts and database may differ by so much, ms, before a mark goes too early. */
const CLOCKS_MS = 5 * 60_000;

/** Remembers the `jti` of signed messages for as long as each could be sent again. One round trip a message. */
export class ReplayGuard {
  readonly #redis: Redis;
  readonly #reach: Pick<Reach, 'away' | 'awayAt' | 'wasAwayForSomeWithin'>;
  readonly #standIn: StandInMarks;

  constructor(redis: Redis, standIn: StandInMarks) {
    this.#redis = redis;
    this.#reach = reachOf(redis);
    this.#standIn = standIn;
  }

  /** Redis can be asked. */
  get hasRedis(): boolean {
    return !this.#reach.away;
  }

  /** Where all processes can remember now. */
  get place(): MarkedIn {
    return this.#reach.wasAwayForSomeWithin(TOLD_MS) ? 'stand-in' : 'redis';
  }

  /** Wall clock, ms: what Redis remembered before may be forgotten. */
  get forgottenUntil(): number {
    return this.#reach.awayAt;
  }

  /**
   * True the first time. `scope` keeps senders and kinds apart; `ttlS` covers the whole window of `iat`. `place`: where this message is
   * remembered, whatever process hears it; absent: where it can be, and after an absence of Redis in both.
   */
  async first(scope: string, jti: string, ttlS: number, place?: MarkedIn): Promise<boolean> {
    const key = `jti:${scope}:${createHash('sha256').update(jti).digest('base64url')}`;
    if (place !== undefined) return this.#isNew(place, key, ttlS);
    if (this.hasRedis && !(await this.#isNew('redis', key, ttlS))) return false;
    return !this.#reach.wasAwayForSomeWithin(ttlS * 1000) || this.#isNew('stand-in', key, ttlS);
  }

  async #isNew(place: MarkedIn, key: string, ttlS: number): Promise<boolean> {
    return place === 'redis'
      ? (await this.#redis.set(key, '1', 'EX', ttlS, 'NX')) === 'OK'
      : this.#standIn.putNew(key, '', ttlS * 1000 + CLOCKS_MS);
  }
}
