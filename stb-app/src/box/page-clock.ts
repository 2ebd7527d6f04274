import type { Clock } from '@bianmin/card/clock';

/** The page's own clocks. */
export const pageClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        clearTimeout(timer);
        reject(new Error('The wait was given up.'));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      }, ms);
      if (signal?.aborted === true) giveUp();
      else signal?.addEventListener('abort', giveUp);
    }),
};
