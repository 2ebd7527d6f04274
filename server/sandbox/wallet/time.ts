import { performance } from 'node:perf_hooks';
import type { Clock } from '@bianmin/shared/clock';

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;

/** `yyyy-MM-ddTHH:mm:ss+08:00`, as the channel writes times. */
export function chinaTime(ms: number): string {
  return `${new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** `yyyy-MM-dd` in China: the day that a bill is of. */
export function chinaDay(ms: number): string {
  return chinaTime(ms).slice(0, 10);
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('The wait was given up.'));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop);
    }),
};
