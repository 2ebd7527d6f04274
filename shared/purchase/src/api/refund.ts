import { z } from 'zod';
import { fen, orderNo, timestamp } from './scalars.ts';

/** A refund that is not over, or where it is named, any. */
export const OPEN_REFUND_STATUSES = ['requested', 'approved', 'sent', 'unknown', 'abnormal'] as const;

export const refundNoParam = z.strictObject({
  refundNo: z.string().regex(/^\d{18}p\d{1,2}(?:x\d{1,2})?(?:r\d|s\d{1,2})$/u, {
    error: "must be a refund's number",
  }),
});

/** What became of a refund's cash: it waits at its counter (`owed`), or by whom, where, when and on which slip it was handed out. */
export const cashHandOut = z.object({
  status: z.enum(['owed', 'handed-out']),
  at: timestamp.optional(),
  /** A staff number, or the name that they sign in with. */
  staff: z.string().optional(),
  terminalId: z.string().optional(),
  slip: z.string().optional(),
});

export const adminRefund = z.object({
  refundNo: z.string(),
  orderNo,
  paymentNo: z.string(),
  channel: z.string(),
  /** What is, or is to be, given back. */
  fen,
  /** What the payment was. */
  paidFen: fen,
  /** What could still be given back of it besides. */
  openFen: fen,
  status: z.enum([...OPEN_REFUND_STATUSES, 'done', 'rejected']),
  reason: z.string(),
  note: z.string().nullable(),
  caseId: z.string().nullable(),
  /** A user's id, or `system` where a rule owes it. */
  requestedBy: z.string().nullable(),
  /** Who allowed or refused it. */
  approvedBy: z.string().nullable(),
  requestedAt: timestamp,
  sentAt: timestamp.nullable(),
  /** Of cash whose float has the money back. */
  handOut: cashHandOut.optional(),
  /** Whole seconds since it was asked for or owed; of cash, since it waits at its counter; 0 once it is over. */
  ageS: z.int(),
});
export type AdminRefund = z.infer<typeof adminRefund>;

export const refundListQuery = z.strictObject({
  status: z.enum(OPEN_REFUND_STATUSES).optional(),
  /** `owed`: refunds that are over and whose cash their household has not been handed. */
  cash: z.literal('owed').optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** The longest waiting first. */
export const refundList = z.object({ refunds: z.array(adminRefund) });

/** Money back for a purchase that stands; another person must allow it. */
export const refundRequest = z.strictObject({
  /** Chosen by the caller, one per intention; the same key is the same refund. */
  key: z.uuid(),
  orderNo,
  /** null: all that can still be given back. */
  fen: z.int().min(1).max(99_999_999).nullable(),
  reason: z.string().min(3).max(500),
  /** The case that it answers, where there is one. */
  caseId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
});
export type RefundRequestBody = z.infer<typeof refundRequest>;
