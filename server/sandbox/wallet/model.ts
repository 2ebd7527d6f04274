import { CHANNELS } from '@bianmin/purchase/api/channels';
import { z } from 'zod';

/** The wallets that this process can be. */
export const WALLETS = CHANNELS;
export type WalletName = (typeof WALLETS)[number];

/** One success: money that a payer's wallet gave. A trade has one, or two when it was paid twice. */
const transaction = z.strictObject({
  /** The wallet's own number. */
  id: z.string(),
  paidAt: z.int(),
  /** Who paid, by the wallet's number for this merchant. */
  payerId: z.string(),
  totalFen: z.int(),
});
export type Transaction = z.infer<typeof transaction>;

/** What the channel knows of one `out_trade_no`. Times are ms since the epoch. */
const trade = z.strictObject({
  outTradeNo: z.string(),
  /** The request that made it, in one canonical form: asking again must say the same. */
  fingerprint: z.string(),
  /** The dialect's own name for how it is paid. */
  tradeType: z.string().default('NATIVE'),
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
  /** When a phone first opened the code: a wallet may know nothing of the trade before. */
  scannedAt: z.int().optional(),
  /** The only payer who may pay it, where the request named one. */
  payerId: z.string().optional(),
  /** What only the dialect knows what to do with. */
  facts: z.record(z.string(), z.string()).optional(),
  transactions: z.array(transaction),
  /** A payer has confirmed, the money arrives at this time, whatever the trade's state is then. */
  lateAt: z.int().optional(),
});
export type Trade = z.infer<typeof trade>;

export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';

const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED']);

const refund = z.strictObject({
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
  /** So much less than was asked for is given when it is done. */
  shortFen: z.int().optional(),
});
export type Refund = z.infer<typeof refund>;

export const ledgerState = z.strictObject({ trades: z.array(trade), refunds: z.array(refund) });
export type LedgerState = z.infer<typeof ledgerState>;

/** One notification and how far its delivery is. Times are ms since the epoch. */
export const delivery = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['payment', 'refund', 'complaint']),
  /** The dialect's name of what happened. */
  event: z.string(),
  /** The payment's, the refund's or the complaint's number. */
  about: z.string(),
  url: z.string(),
  content: z.record(z.string(), z.unknown()),
  createdAt: z.int(),
  attempts: z.array(z.strictObject({ at: z.int(), answer: z.string() })),
  status: z.enum(['pending', 'acknowledged', 'given-up', 'lost']),
});
export type Delivery = z.infer<typeof delivery>;
