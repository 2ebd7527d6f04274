import { ProblemError } from '../kernel/problem.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';
import { sha256Hex } from '../kernel/canonical.ts';

/** Wrong passwords and codes within the window; afterwards nothing is taken until it is over. */
const WINDOW_MS = 900_000;
const MAX = { name: 10, address: 50 } as const;

export type FailureLimiter = Pick<RateLimiter, 'check' | 'count' | 'counted' | 'reset'>;

/**
 * Counts wrong passwords and codes, for each account and for each address. A name that no user has is counted like
 * any other, so that the answer does not tell which there are. The window is short and passes by itself: an attacker
 * who locks others out on purpose gains a quarter of an hour.
 */
export class Lockout {
  readonly #limiter: FailureLimiter;

  constructor(limiter: FailureLimiter) {
    this.#limiter = limiter;
  }

  /** Throws `auth.locked`, with the time to wait. */
  async check(name: string, ip: string | undefined): Promise<void> {
    await this.#check(nameKey(name), MAX.name, 'this account');
    if (ip !== undefined) await this.#check(addressKey(ip), MAX.address, 'this address');
  }

  async failed(name: string, ip: string | undefined): Promise<void> {
    await this.#limiter.count(nameKey(name), WINDOW_MS);
    if (ip !== undefined) await this.#limiter.count(addressKey(ip), WINDOW_MS);
  }

  /** An address is not forgiven by one right password among its guesses. */
  async succeeded(name: string): Promise<void> {
    await this.#limiter.reset(nameKey(name));
  }

  /** Those of these names that nothing is taken for now. */
  async lockedOf(names: readonly string[]): Promise<Set<string>> {
    const counts = await this.#limiter.counted(names.map(nameKey));
    return new Set(names.filter((_, at) => (counts[at] ?? 0) >= MAX.name));
  }

  /** A person has been asked and may try again. */
  async unlock(name: string): Promise<void> {
    await this.#limiter.reset(nameKey(name));
  }

  async #check(key: string, max: number, what: string): Promise<void> {
    try {
      await this.#limiter.check(key, max);
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause;
      const retryAfterS = cause.retryAfterS ?? WINDOW_MS / 1000;
      throw new ProblemError({
        code: 'auth.locked',
        message: `Too many wrong attempts for ${what}. Try again in ${Math.ceil(retryAfterS / 60)} min.`,
        retryAfterS,
        cause,
      });
    }
  }
}

function nameKey(name: string): string {
  return `login:${sha256Hex(name.toLowerCase())}`;
}

function addressKey(ip: string): string {
  return `login-from:${ip}`;
}
