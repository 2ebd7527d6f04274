import { longestWaitMs } from '../../../server/src/orders/model/policy.ts';
import type { Env } from '../../run/dev/parts.ts';

/** The times that the soak runs the server on, ms: the same policy as in the field, only quicker. */
export interface GridTimes {
  readonly timeoutMs: number;
  readonly horizonMs: number;
  readonly leaseMs: number;
  readonly paymentTtlMs: number;
  /** Longest between two questions about the same. */
  readonly askMaxMs: number;
}

/** A campaign of so many orders has time for all that one is made of; a shorter one has less of it, and sooner. */
export const WHOLE_CAMPAIGN = 1_000;

export const SOAK_TIMES: GridTimes = {
  timeoutMs: 2_000,
  horizonMs: 1_500,
  leaseMs: 4_000,
  paymentTtlMs: 15_000,
  askMaxMs: 2_000,
};

/** After this a worker has found whatever a clock ahead put off: it is seen so for as long as that, and looked at in rounds, ms. */
export function putOffFoundMs({ timeoutMs, horizonMs, askMaxMs, ...times }: GridTimes): number {
  const grid = { gridTimeoutMs: timeoutMs, gridHorizonMs: horizonMs, maxBackoffMs: askMaxMs };
  return 2 * longestWaitMs({ ...grid, ...times }) + 20_000;
}

/** Web's and worker's configuration for them. */
export function environmentOf(times: GridTimes): Env {
  return {
    GRID_TIMEOUT_MS: String(times.timeoutMs),
    GRID_HORIZON_MS: String(times.horizonMs),
    LEASE_MS: String(times.leaseMs),
    PAYMENT_TTL_MS: String(times.paymentTtlMs),
    GRID_VENDOR_CREDIT: 'on',
    GRID_CANCEL_WRITTEN: 'on',
    SWEEP_MS: '250',
    ASK_MIN_MS: '300',
    // A request and its repetitions, as long as any is under way here.
    PAYMENT_BOOKS_LAG_MS: '5000',
    REFUND_UNDER_WAY_MS: '15000',
    ASK_MAX_MS: String(times.askMaxMs),
  };
}
