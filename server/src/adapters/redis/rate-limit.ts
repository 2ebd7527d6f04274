import type { Redis } from 'ioredis';
import { luaScript, type LuaScript } from './lua-script.ts';
import { ProblemError } from '../../kernel/problem.ts';

/** KEYS[1] counter; ARGV[1] window in ms. Answers the count within the window and what is left of it in ms. */
const TAKE = `
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { n, redis.call('PTTL', KEYS[1]) }
`;

/**
 * Requests that are many, in fixed windows in Redis, shared by all web processes. Without Redis the call fails. Tries at secrets are
 * counted by `access/guesses.ts`, which does not forget.
 */
export class RateLimiter {
  readonly #take: LuaScript;

  constructor(redis: Redis) {
    this.#take = luaScript(redis, 'rateTake', TAKE);
  }

  /** Counts one; over `max` within the window it throws `request.rate-limited` with the time to wait. */
  async take(key: string, max: number, windowMs: number): Promise<void> {
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
