import { LIMITS } from '../kernel/limits.ts';
import { inTime } from '../kernel/time-left.ts';
import { LoopLag } from './loop-lag.ts';
import type { WireProxy } from './wire-proxy.ts';

/** What a call came to, and how long that took, without what this process had no turn for. */
export interface Ended {
  readonly ms: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** What everything may be late by, ms: timers and a busy machine. */
export const SLACK_MS = 250;
/** How soon all must be as before once a store answers again, ms. */
export const BACK_MS = 5_000;

/** The longest that a test waits for what should have ended. */
const HANGS_MS = 100_000;

/** Never rejects. */
export async function ended(call: () => Promise<unknown>): Promise<Ended> {
  const from = performance.now();
  const lag = new LoopLag();
  const ms = (): number => {
    const now = performance.now();
    lag.turned(now);
    return Math.round(now - from - lag.within(from, now));
  };
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('It hangs.'));
    }, HANGS_MS);
  });
  try {
    return { value: await Promise.race([call(), hangs]), ms: ms() };
  } catch (error) {
    return { error, ms: ms() };
  } finally {
    clearTimeout(timer);
    lag.close();
  }
}

/** As of a request of a terminal's or a phone's: it has that time, and so long for each question. */
export function inRequest<T>(call: () => Promise<T>): Promise<T> {
  return inTime({ limitMs: LIMITS.request, operationMs: LIMITS.database.request }, call);
}

/** All of them at once, while nothing passes `line`; after that it passes again. */
export async function endedWhileStalled(
  line: WireProxy,
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Readonly<Record<string, Ended>>> {
  line.stall();
  try {
    const all = Object.entries(calls).map(async ([name, call]) => [name, await ended(call)] as const);
    return Object.fromEntries(await Promise.all(all));
  } finally {
    line.goOn();
  }
}

/** How long it takes until `call` succeeds, asked again and again, ms. */
export async function untilBack(call: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  for (;;) {
    const { error } = await ended(call);
    const ms = performance.now() - from;
    if (error === undefined) return Math.round(ms);
    if (ms > HANGS_MS) throw new Error('It does not come back.', { cause: error });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
