import type { Redis } from 'ioredis';
import { LocalWindows } from './local-windows.ts';
import { luaScript, type LuaScript } from './lua-script.ts';
import { reachOf } from './redis-reach.ts';
import { ProblemError } from '../../kernel/problem.ts';

/** KEYS[1] counter; ARGV[1] window in ms. Answers the count within the window and what is left of it in ms. */
const TAKE = `
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { n, redis.call('PTTL', KEYS[1]) }
`;

/** While Redis is away each process counts for itself, and lets this share of what all may have pass. */
const ALONE = 4;

/**
 * Requests that are many, in fixed windows in Redis, shared by all web processes; without Redis, in fewer of each process. Tries at secrets are
 * counted by `access/guesses.ts`, which does not forget.
 */
export class RateLimiter {
  readonly #redis: Redis;
  readonly #take: LuaScript;
  readonly #alone = new LocalWindows();

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#take = luaScript(redis, 'rateTake', TAKE);
  }

  /** Counts one; over `max` within the window it throws `request.rate-limited` with the time to wait. */
  async take(key: string, max: number, windowMs: number): Promise<void> {
    if (reachOf(this.#redis).away) {
      const waitMs = this.#alone.take(key, Math.ceil(max / ALONE), windowMs);
      if (waitMs !== undefined) throw limited(waitMs);
      return;
    }
    const [count, leftMs] = (await this.#take([`rate:${key}`], [windowMs])) as [number, number];
    if (count > max) throw limited(leftMs);
  }
}

function limited(leftMs: number): ProblemError {
  return new ProblemError({
    code: 'request.rate-limited',
    message: 'Too many requests of this kind. Wait and try again.',
    retryAfterS: Math.max(1, leftMs / 1000),
  });
}
