import { z } from 'zod';

/**
 * Every code a server answer can carry: HTTP status and whether the same request may be sent again.
 * Residents never read these: the purchase flow turns them into its own problems, which have words in
 * `i18n/`. The list with causes and what to do is docs/errors.md.
 */
export const PROBLEMS = {
  'request.malformed': { status: 400, retryable: false },
  'request.unsupported-media': { status: 415, retryable: false },
  'request.too-large': { status: 413, retryable: false },
  'request.not-found': { status: 404, retryable: false },
  'request.method': { status: 405, retryable: false },
  'request.rate-limited': { status: 429, retryable: true },
  'auth.required': { status: 401, retryable: false },
  'auth.expired': { status: 401, retryable: true },
  'auth.forbidden': { status: 403, retryable: false },
  'auth.bad-credentials': { status: 401, retryable: false },
  'terminal.pending': { status: 403, retryable: true },
  'terminal.rejected': { status: 403, retryable: false },
  'terminal.bad-proof': { status: 401, retryable: false },
  'approval.same-person': { status: 403, retryable: false },
  'approval.already-decided': { status: 409, retryable: false },
  'user.name-taken': { status: 409, retryable: false },
  'card.unknown': { status: 422, retryable: false },
  'card.foreign': { status: 422, retryable: false },
  'card.replaced': { status: 422, retryable: false },
  'card.account-closed': { status: 422, retryable: false },
  'card.damaged': { status: 422, retryable: false },
  'card.session-expired': { status: 409, retryable: false },
  'card.changed': { status: 409, retryable: false },
  'meter.previous-not-inserted': { status: 409, retryable: false },
  'meter.order-open': { status: 409, retryable: true },
  'meter.not-remote': { status: 409, retryable: false },
  'order.amount-out-of-range': { status: 422, retryable: false },
  'order.not-found': { status: 404, retryable: false },
  'order.closed': { status: 409, retryable: false },
  'order.already-paid': { status: 409, retryable: false },
  'order.idempotency-mismatch': { status: 409, retryable: false },
  'order.not-sold': { status: 409, retryable: true },
  'order.leased-elsewhere': { status: 409, retryable: true },
  'order.lease-stale': { status: 409, retryable: false },
  'order.already-written': { status: 409, retryable: false },
  'order.not-for-card': { status: 409, retryable: false },
  'order.no-choice': { status: 409, retryable: false },
  'customer.unknown': { status: 422, retryable: false },
  'customer.not-proven': { status: 403, retryable: false },
  'binding.not-offered': { status: 409, retryable: false },
  'binding.code-wrong': { status: 422, retryable: false },
  'binding.code-spent': { status: 422, retryable: false },
  'binding.too-many': { status: 409, retryable: false },
  'binding.not-found': { status: 404, retryable: false },
  'binding.daily-limit': { status: 422, retryable: false },
  'order.action-refused': { status: 409, retryable: false },
  'case.resolved': { status: 409, retryable: false },
  'reading.missing': { status: 409, retryable: true },
  'reading.stale': { status: 409, retryable: false },
  'reversal.other-card': { status: 409, retryable: false },
  'reversal.credited': { status: 409, retryable: false },
  'reversal.later-sale': { status: 409, retryable: false },
  'reversal.counters-differ': { status: 409, retryable: false },
  'reversal.card-inserted': { status: 409, retryable: false },
  'reversal.day-over': { status: 409, retryable: false },
  'reversal.plan-released': { status: 409, retryable: false },
  'reversal.not-sold': { status: 409, retryable: false },
  'reversal.refunded': { status: 409, retryable: false },
  'reversal.refused': { status: 409, retryable: false },
  'replacement.not-open': { status: 409, retryable: false },
  'replacement.other-card': { status: 409, retryable: false },
  'payment.channel-unavailable': { status: 503, retryable: true },
  'notification.bad-signature': { status: 401, retryable: false },
  'notification.stale': { status: 401, retryable: false },
  'notification.mismatch': { status: 422, retryable: false },
  'grid.unavailable': { status: 503, retryable: true },
  'grid.refused': { status: 422, retryable: false },
  'server.unavailable': { status: 503, retryable: true },
  'server.internal': { status: 500, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457 with our extensions; `detail` is English for engineers, people read the code's own words. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  code: z.enum(PROBLEM_CODES),
  traceId: z.string(),
  retryable: z.boolean(),
  /** For `request.malformed`: each field at fault, as a JSON pointer into the request. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  /** The order that stands in the way or that the helper should be given. */
  orderNo: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
