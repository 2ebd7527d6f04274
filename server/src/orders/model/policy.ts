import type { Config } from '../../config/config.ts';

/** The times an order lives by, in ms. */
export interface OrderPolicy {
  readonly paymentTtlMs: number;
  readonly leaseMs: number;
  readonly gridTimeoutMs: number;
  /** How long after its time-out a request may still be travelling. */
  readonly gridHorizonMs: number;
  /** How long a sale that provably never left is tried again before the money goes back. */
  readonly salePatienceMs: number;
  /** How long a sale that the grid refused for want of our credit is tried again before the money goes back. */
  readonly creditPatienceMs: number;
  /** How long a refund that was sent may be on its way to its channel: longer than a process or a line stands still. */
  readonly refundUnderWayMs: number;
  /** How long after a code's end its channel may not know yet of money that came in its last moment. */
  readonly booksLagMs: number;
  /** First and longest wait between two questions about an unknown outcome. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

export function policyOf(config: Config): OrderPolicy {
  return {
    paymentTtlMs: config.PAYMENT_TTL_MS,
    leaseMs: config.LEASE_MS,
    gridTimeoutMs: config.GRID_TIMEOUT_MS,
    gridHorizonMs: config.GRID_HORIZON_MS,
    salePatienceMs: 30 * 60_000,
    creditPatienceMs: config.GRID_CREDIT_PATIENCE_MS,
    refundUnderWayMs: config.REFUND_UNDER_WAY_MS,
    booksLagMs: config.PAYMENT_BOOKS_LAG_MS,
    minBackoffMs: config.ASK_MIN_MS,
    maxBackoffMs: config.ASK_MAX_MS,
  };
}

/** How often is asked about what began by a clock that was ahead, in least waits: nobody knows how old it is. */
const AHEAD_WAITS = 5;

/**
 * When to ask again about something that has been open since `since`: the wait grows with its age, so that no
 * count of tries needs to be stored.
 */
export function askAgainAt(since: Date, now: Date, policy: OrderPolicy): Date {
  const age = now.getTime() - since.getTime();
  const least = policy.minBackoffMs * (age < -MARGIN_MS ? AHEAD_WAITS : 1);
  const wait = Math.min(Math.max(age / 2, least), policy.maxBackoffMs);
  return new Date(now.getTime() + wait);
}

/**
 * The longest wait until a sale or credit that did not leave is tried again: the payer stands before the screen, ms.
 */
const TRY_AGAIN_MS = 60_000;

/** When to try again what has provably not left since `since`, while its patience lasts (`salePatienceMs`). */
export function tryAgainAt({ since, tries }: Tried, now: Date, policy: OrderPolicy): Date {
  const most = Math.min(policy.maxBackoffMs, TRY_AGAIN_MS);
  return triedAgainAt({ since, tries }, now, { ...policy, maxBackoffMs: most });
}

/** What was sent first, by whichever clock, and how often since. */
interface Tried {
  readonly since: Date;
  readonly tries: number | undefined;
}

/** As a wait grows that is half of its age. */
const GROWTH = 1.5;

/**
 * As `askAgainAt`, of what writes down each try: where the clock that began it was ahead it has no age, and the tries alone make the
 * wait grow.
 */
export function triedAgainAt({ since, tries = 1 }: Tried, now: Date, policy: OrderPolicy): Date {
  const { minBackoffMs, maxBackoffMs } = policy;
  const least = since > now ? Math.min(minBackoffMs * GROWTH ** (tries - 1), maxBackoffMs) : minBackoffMs;
  return askAgainAt(since, now, { ...policy, minBackoffMs: least });
}

/** Whether what was sent to the grid then may still be on its way, so that "not found" says nothing of it yet. */
export function mayTravel(
  { sentAt }: { readonly sentAt?: Date | undefined },
  now: Date,
  { gridTimeoutMs, gridHorizonMs }: Pick<OrderPolicy, 'gridTimeoutMs' | 'gridHorizonMs'>,
): boolean {
  return now.getTime() < (sentAt?.getTime() ?? 0) + gridTimeoutMs + gridHorizonMs;
}

/** The longest wait until a refund that did not leave is sent again: each try is written down with its order, ms. */
const SEND_AGAIN_MS = 3_600_000;

/** When to send again what has provably not left since `since`: as `askAgainAt`, but no try stays without a trace. */
export function sendAgainAt(since: Date, now: Date, policy: OrderPolicy): Date {
  return askAgainAt(since, now, { ...policy, maxBackoffMs: Math.max(policy.maxBackoffMs, SEND_AGAIN_MS) });
}

/**
 * When what the channel does not know of is sent once more: at once at first, then as the next wait grows with its age. Each
 * sending is written down; what a channel has accepted it may not know yet, and that waits longest. Sent by a clock that was
 * ahead, it is sent now: the next is late by that clock else.
 */
export function giveAgainAt(
  refund: { readonly owedAt: Date; readonly lastSent: Date; readonly isAccepted: boolean },
  now: Date,
  policy: OrderPolicy,
): Date {
  const { owedAt, lastSent, isAccepted } = refund;
  if (lastSent.getTime() > now.getTime() + MARGIN_MS) return now;
  const age = Math.max(0, lastSent.getTime() - owedAt.getTime());
  const most = isAccepted ? SEND_AGAIN_MS : policy.maxBackoffMs;
  return new Date(lastSent.getTime() + Math.min(Math.max(age / 2, policy.minBackoffMs), most));
}

/**
 * Until when a refund may be sent that was written down as sent at `at`. The rest of `refundUnderWayMs` is for its way: a process
 * may stand still there, too.
 */
export function sendRefundBefore(
  at: Date,
  { refundUnderWayMs }: Pick<OrderPolicy, 'refundUnderWayMs'>,
): Date {
  return new Date(at.getTime() + refundUnderWayMs / 6);
}

/**
 * Longer than any order waits, but for a refund that does not leave, and than anything of it is under way, by clocks that
 * are right, ms.
 */
export function longestWaitMs(
  policy: Omit<
    OrderPolicy,
    'salePatienceMs' | 'creditPatienceMs' | 'refundUnderWayMs' | 'booksLagMs' | 'minBackoffMs'
  >,
): number {
  const { paymentTtlMs, leaseMs, maxBackoffMs, gridTimeoutMs, gridHorizonMs } = policy;
  const underWayMs = Math.max(CODE_OVERDUE_MS, overdueMs(policy), gridTimeoutMs + gridHorizonMs, leaseMs);
  return Math.max(paymentTtlMs, maxBackoffMs, underWayMs) + MARGIN_MS;
}

/** Who comes a little late, or has a clock that is a little off, is not taken for one that was put off, ms. */
const MARGIN_MS = 30_000;

const overdueMs = ({ gridTimeoutMs }: Pick<OrderPolicy, 'gridTimeoutMs'>): number =>
  gridTimeoutMs * 1.5 + 2_000;

/** Longer than a channel's own time-out, ms. */
const CODE_OVERDUE_MS = 12_000;

/** After this, the process that asked a channel for a payment's code has stored the answer, or is gone. */
export function codeOverdueAt(askedAt: Date): Date {
  return new Date(askedAt.getTime() + CODE_OVERDUE_MS);
}

/** After this, the process that sent the request has either stored the answer or is gone. */
export function answerOverdueAt(sentAt: Date, policy: OrderPolicy): Date {
  return new Date(sentAt.getTime() + overdueMs(policy));
}
