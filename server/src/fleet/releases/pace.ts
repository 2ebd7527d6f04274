import type { Redis } from 'ioredis';
import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../../kernel/problem.ts';

/** KEYS[1]: when the line is free again, ms. ARGV: now, how long the piece takes, ms. Gives how long to wait before it. */
const RESERVE = `
local now, takes = tonumber(ARGV[1]), tonumber(ARGV[2])
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], free + takes, 'PX', math.ceil(free - now + takes) + 1000)
return math.ceil(free - now)
`;

/** Who would wait longer for a piece comes back later: an updater gives a silent connection up after a minute. */
export const LONGEST_WAIT_MS = 20_000;

/**
 * One line for each community: all downloads to it together, from whichever web process, get so many bytes a second, in turns.
 * Without Redis each download alone is held to it.
 */
export class CommunityPace {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #bytesPerS: number;

  /** `bytesPerS`: 0 sets no limit. */
  constructor(init: { redis: Redis; clock: Clock; bytesPerS: number }) {
    this.#redis = init.redis;
    this.#clock = init.clock;
    this.#bytesPerS = init.bytesPerS;
  }

  /** Whether another download may begin. Throws `request.rate-limited`, with the time until the line is free again. */
  async admit(community: string): Promise<void> {
    if (this.#bytesPerS === 0) return;
    const free = Number((await this.#redis.get(keyOf(community)).catch(() => null)) ?? 0);
    const waits = free - this.#clock.now();
    if (waits <= LONGEST_WAIT_MS) return;
    throw new ProblemError({
      code: 'request.rate-limited',
      message: 'The line to this community is busy with downloads. Try again later.',
      retryAfterS: waits / 1000,
    });
  }

  /** Resolves when so many bytes may be sent. Rejects when `signal` ends the wait. */
  async take(community: string, bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerS === 0) return;
    const takes = (bytes * 1000) / this.#bytesPerS;
    const waits = await this.#reserve(community, takes).catch(() => takes);
    if (waits > 0) await this.#clock.sleep(waits, signal);
  }

  async #reserve(community: string, takes: number): Promise<number> {
    return Number(await this.#redis.eval(RESERVE, 1, keyOf(community), this.#clock.now(), takes));
  }
}

function keyOf(community: string): string {
  return `release:line:${community}`;
}
