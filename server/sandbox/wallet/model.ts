import { z } from 'zod';

/** One success: money that a payer's wallet gave. A trade has one, or two when it was paid twice. */
export const transaction = z.strictObject({
  /** 28 digits, starting with 42. */
  id: z.string(),
  paidAt: z.int(),
  openid: z.string(),
  totalFen: z.int(),
});
export type Transaction = z.infer<typeof transaction>;

/** What the channel knows of one `out_trade_no`. Times are ms since the epoch. */
export const trade = z.strictObject({
  outTradeNo: z.string(),
  /** The request that made it, in one canonical form: asking again must say the same. */
  fingerprint: z.string(),
  description: z.string(),
  attach: z.string().optional(),
  notifyUrl: z.string(),
  totalFen: z.int(),
  /** The only code that can be paid; an older one died when this was given. */
  codeUrl: z.string(),
  codeAt: z.int(),
  createdAt: z.int(),
  expiresAt: z.int(),
  closedAt: z.int().optional(),
  transactions: z.array(transaction),
  /** A payer has confirmed, the money arrives at this time, whatever the trade's state is then. */
  lateAt: z.int().optional(),
});
export type Trade = z.infer<typeof trade>;

export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';

export const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED']);
export type RefundStatus = z.infer<typeof refundStatus>;

export const refund = z.strictObject({
  id: z.string(),
  outRefundNo: z.string(),
  fingerprint: z.string(),
  outTradeNo: z.string(),
  transactionId: z.string(),
  refundFen: z.int(),
  totalFen: z.int(),
  reason: z.string().optional(),
  notifyUrl: z.string(),
  status: refundStatus,
  /** What it becomes at `settlesAt`. */
  outcome: refundStatus.exclude(['PROCESSING']),
  settlesAt: z.int(),
  createdAt: z.int(),
  successAt: z.int().optional(),
});
export type Refund = z.infer<typeof refund>;

export const ledgerState = z.strictObject({ trades: z.array(trade), refunds: z.array(refund) });
export type LedgerState = z.infer<typeof ledgerState>;
