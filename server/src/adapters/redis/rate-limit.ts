import type { Redis } from 'ioredis';
import { luaScript, type LuaScript } from './lua-script.ts';
import { ProblemError } from '../../kernel/problem.ts';

/** KEYS[1] counter; ARGV[1] window in ms. Answers the count within the window and what is left of it in ms. */
const TAKE = `
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { n, redis.call('PTTL', KEYS[1]) }
`;

/** Fixed windows in Redis, shared by all web processes. Without Redis the call fails, and so does the login. */
export class RateLimiter {
  readonly #redis: Redis;
  readonly #take: LuaScript;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#take = luaScript(redis, 'rateTake', TAKE);
  }

  /** Counts one; over `max` within the window it throws `request.rate-limited` with the time to wait. */
  async take(key: string, max: number, windowMs: number): Promise<void> {
    const [count, leftMs] = await this.count(key, windowMs);
    if (count > max) throw limited(leftMs);
  }

  /** Counts one and says how many there were within the window, and what is left of it in ms. */
  async count(key: string, windowMs: number): Promise<[count: number, leftMs: number]> {
    return (await this.#take([`rate:${key}`], [windowMs])) as [number, number];
  }

  /** Throws if `max` have been counted already; counts nothing itself. For limits on failures. */
  async check(key: string, max: number): Promise<void> {
    const count = Number((await this.#redis.get(`rate:${key}`)) ?? 0);
    if (count >= max) throw limited(await this.#redis.pttl(`rate:${key}`));
  }

  /** How many were counted of each, in their order. */
  async counted(keys: readonly string[]): Promise<number[]> {
    if (keys.length === 0) return [];
    return (await this.#redis.mget(keys.map((key) => `rate:${key}`))).map((count) => Number(count ?? 0));
  }

  /** Forgets what was counted, after a success. */
  async reset(key: string): Promise<void> {
    await this.#redis.del(`rate:${key}`);
  }
}

function limited(leftMs: number): ProblemError {
  return new ProblemError({
    code: 'request.rate-limited',
    message: 'Too many requests of this kind. Wait and try again.',
    retryAfterS: Math.max(1, leftMs / 1000),
  });
}
