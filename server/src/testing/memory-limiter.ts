import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../kernel/problem.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';

/** The rate limiter on a test's own clock instead of Redis'. */
export function memoryLimiter(clock: Clock): RateLimiter {
  const windows = new Map<string, { count: number; until: number }>();
  const current = (key: string): { count: number; until: number } | undefined => {
    const window = windows.get(key);
    return window !== undefined && window.until > clock.now() ? window : undefined;
  };
  const limited = (until: number): ProblemError =>
    new ProblemError({
      code: 'request.rate-limited',
      message: 'Too many requests of this kind.',
      retryAfterS: (until - clock.now()) / 1000,
    });
  const limiter: Pick<RateLimiter, 'take'> = {
    take(key, max, windowMs) {
      const window = current(key) ?? { count: 0, until: clock.now() + windowMs };
      windows.set(key, { ...window, count: window.count + 1 });
      return window.count < max ? Promise.resolve() : Promise.reject(limited(window.until));
    },
  };
  return limiter as RateLimiter;
}
