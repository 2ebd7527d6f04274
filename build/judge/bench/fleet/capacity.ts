import type { Load } from './open-loop.ts';

/** The slowest that may be called carried, ms at the 99th percentile. */
export const P99_MS = 100;

export function carried({ p99Ms, failed }: Pick<Load, 'p99Ms' | 'failed'>): boolean {
  return failed === 0 && p99Ms <= P99_MS;
}

/**
 * The highest rate that is carried, to a `step`: up by a half until one is not, then between the two. A rate that fails is
 * tried a second time, since a machine that others use stalls by itself; what counts is what was carried once.
 */
export async function highestCarried(init: {
  from: number;
  step: number;
  run: (perSecond: number) => Promise<Load>;
}): Promise<Load | undefined> {
  const { from, step, run } = init;
  const carries = async (perSecond: number): Promise<Load | undefined> => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const load = await run(perSecond);
      if (carried(load)) return load;
      // Far off is no stall.
      if (load.p99Ms > 5 * P99_MS) return undefined;
    }
    return undefined;
  };
  let best = await carries(from);
  let low = best === undefined ? 0 : from;
  let high = from;
  while (low === high) {
    high = rounded(high * 1.5, step);
    const load = await carries(high);
    if (load === undefined) break;
    best = load;
    low = high;
  }
  while (high - low > step) {
    const middle = rounded((low + high) / 2, step);
    if (middle <= low || middle >= high) break;
    const load = await carries(middle);
    if (load === undefined) {
      high = middle;
      continue;
    }
    best = load;
    low = middle;
  }
  return best;
}

function rounded(rate: number, step: number): number {
  return Math.max(step, Math.round(rate / step) * step);
}
