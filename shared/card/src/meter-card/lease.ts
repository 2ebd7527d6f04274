import type { Clock } from '../clock.ts';

/**
 * How long one terminal may write a plan. Afterwards it may have been undone and sold again elsewhere. A machine that is suspended
 * stops its monotonic clock, a clock that is set moves the other: the lease holds while it holds by both.
 */
export interface Lease {
  readonly no: number;
  /** On `clock.monotonic()`, ms. */
  readonly expiresAtMonotonic: number;
  /** On `clock.now()`, ms; absent: the other alone counts. */
  readonly expiresAt?: number;
}

type Clocks = Pick<Clock, 'now' | 'monotonic'>;

/** What both clocks said when a lease was asked for: counted from then it ends here first, never later. */
export interface AskedAt {
  readonly monotonic: number;
  readonly now: number;
}

export function askedNow(clock: Clocks): AskedAt {
  return { monotonic: clock.monotonic(), now: clock.now() };
}

export function leaseFrom(askedAt: AskedAt, { no, ms }: { readonly no: number; readonly ms: number }): Lease {
  return { no, expiresAtMonotonic: askedAt.monotonic + ms, expiresAt: askedAt.now + ms };
}

export function isOver({ expiresAtMonotonic, expiresAt = Infinity }: Lease, clock: Clocks): boolean {
  return clock.monotonic() >= expiresAtMonotonic || clock.now() >= expiresAt;
}
