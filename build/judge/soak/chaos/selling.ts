import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../bench/percentile.ts';
import type { Span } from './deadlines.ts';
import type { Trouble } from './troubles.ts';

/** Selling is back so soon after a freeze, ms. */
export const BACK_MS = 5_000;
/** It is not waited for any longer, ms. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** A purchase that the grid has sold: its times on the monotonic clock, ms. */
interface Sale {
  readonly madeAt: number;
  readonly soldAt: number;
}

/** When orders were made and sold. */
export class Selling {
  readonly #made = new Map<string, number>();
  readonly #sales: Sale[] = [];

  made(orderNo: string, nowMs = performance.now()): void {
    this.#made.set(orderNo, nowMs);
  }

  /** Paid, and the grid has sold it. */
  sold(orderNo: string, nowMs = performance.now()): void {
    const madeAt = this.#made.get(orderNo);
    if (madeAt !== undefined) this.#sales.push({ madeAt, soldAt: nowMs });
  }

  /** How long after that moment the first order was sold that was made since; undefined: none yet. */
  backMs(sinceMs: number): number | undefined {
    const first = this.#sales.find(({ madeAt }) => madeAt >= sinceMs);
    return first === undefined ? undefined : first.soldAt - sinceMs;
  }

  /** Half of all purchases took no longer from the order to the grid's sale, ms: what the machine was like. */
  get usualMs(): number {
    const all = this.#sales.map(({ madeAt, soldAt }) => soldAt - madeAt);
    return all.length === 0 ? 0 : percentile(all, 0.5);
  }

  /** The longest that nothing was sold within that time, ms. */
  stillMs({ fromMs, toMs }: Span): number {
    const within = this.#sales.map(({ soldAt }) => soldAt).filter((at) => at > fromMs && at < toMs);
    const moments = [fromMs, ...within, toMs];
    return Math.max(0, ...moments.slice(1).map((at, index) => at - (moments[index] ?? at)));
  }

  /** Waits until an order that was made since is sold; gives how long that took, at most our patience. */
  async back(sinceMs: number): Promise<number> {
    for (;;) {
      const ms = this.backMs(sinceMs);
      if (ms !== undefined) return ms;
      const waitedMs = performance.now() - sinceMs;
      if (waitedMs > PATIENCE_MS) return waitedMs;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

/** Whether another of its kind goes on meanwhile, so that selling does not wait for the thaw. */
export function hasStandIn({ whom }: Pick<Trouble, 'whom'>, nodes: 1 | 2): boolean {
  return whom === 'primary' || (nodes === 2 && /^(web|worker)(-2)?$/.test(whom));
}
