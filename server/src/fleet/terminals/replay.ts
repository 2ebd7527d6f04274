import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** What must not have been there before, for who asks Redis about it along with other things. */
export interface Once {
  readonly key: string;
  readonly ttlS: number;
}

/** Of a nonce that is short and of our own alphabet by its form; `scope` keeps senders and kinds apart. */
export function onceOf(scope: string, nonce: string, ttlS: number): Once {
  return { key: `jti:${scope}:${nonce}`, ttlS };
}

/** Remembers the `jti` of signed messages for as long as each could be sent again. One round trip a message. */
export class ReplayGuard {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** True the first time. `scope` keeps senders and kinds apart; `ttlS` covers the whole window of `iat`. */
  async first(scope: string, jti: string, ttlS: number): Promise<boolean> {
    const digest = createHash('sha256').update(jti).digest('base64url');
    return (await this.#redis.set(`jti:${scope}:${digest}`, '1', 'EX', ttlS, 'NX')) === 'OK';
  }
}
