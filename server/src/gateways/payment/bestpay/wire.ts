import { z } from 'zod';
import { momentOfStamp } from '../stamp.ts';
import type { BestpayProfile } from './profile.ts';

// Shapes of what Bestpay sends, as far as they are used here, under the names of the profile. What is null is
// absent; unknown fields are ignored.

const number = z.string().regex(/^[\w-]{1,64}$/u);
const word = z.string().min(1).max(64);
/** Fen, as a text or as a number: reports show both. */
const fen = z.union([z.string().regex(/^\d{1,12}$/u), z.int().min(0).max(999_999_999_999)]).transform(Number);

/** `yyyy-MM-dd HH:mm:ss` or `yyyyMMddHHmmss` in China's time. */
const moment = z.string().transform((text, context) => {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u.exec(text);
  const [, y, m, d, h, min, s] = digits ?? [];
  const at = momentOfStamp(digits === null ? text : `${y}-${m}-${d} ${h}:${min}:${s}`);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

const count = z.int().min(0);

const TRADE = z.object({
  paymentNo: number,
  transactionId: number.optional(),
  status: word,
  amountFen: fen.optional(),
  paidAt: moment.optional(),
});

const NOTICE = z.object({
  merchantNo: z.string(),
  institutionCode: z.string().optional(),
  paymentNo: number,
  type: word,
  transactionId: number.optional(),
  status: word.optional(),
  amountFen: fen.optional(),
  paidAt: moment.optional(),
  refundNo: number.optional(),
  refundFen: fen.optional(),
  refundStatus: word.optional(),
});

/** The sandbox's own: see docs/protocol/bestpay.md. */
const BILL = z.object({
  fileUrl: z.url().max(1024),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  payments: count,
  paidFen: count,
  refunds: count,
  refundedFen: count,
  feeMilliFen: z.int(),
});

/** The answers of each call, and notifications. */
export function shapesOf({ fields }: BestpayProfile) {
  const refund = {
    paymentNo: 'outTradeNo',
    refundNo: fields.refundNo,
    refundFen: fields.refundAmount,
    status: fields.refundStatus,
  };
  return {
    created: under(
      { paymentNo: 'outTradeNo', codeUrl: fields.codeUrl },
      z.object({ paymentNo: number.optional(), codeUrl: z.url().max(1024) }),
    ),
    trade: under(
      {
        paymentNo: 'outTradeNo',
        transactionId: fields.tradeNo,
        status: fields.tradeStatus,
        amountFen: fields.tradeAmount,
        paidAt: fields.paidAt,
      },
      TRADE,
    ),
    closed: under({ paymentNo: 'outTradeNo' }, z.object({ paymentNo: number.optional() })),
    /** Of the refund itself, and of the question about it; without a status it is under way. */
    refund: under(
      refund,
      z.object({ paymentNo: number, refundNo: number, refundFen: fen, status: word.optional() }),
    ),
    notice: under(
      {
        merchantNo: 'merchantNo',
        institutionCode: 'institutionCode',
        paymentNo: 'outTradeNo',
        type: fields.noticeType,
        transactionId: fields.tradeNo,
        status: fields.tradeStatus,
        amountFen: fields.noticeAmount,
        paidAt: fields.paidAt,
        refundNo: fields.refundNo,
        refundFen: fields.refundAmount,
        refundStatus: fields.noticeRefundStatus,
      },
      NOTICE,
    ),
    bill: BILL,
  };
}
export type Shapes = ReturnType<typeof shapesOf>;

/** Reads an object whose fields have other names on the wire. */
function under<Schema extends z.ZodObject>(
  names: Readonly<Record<keyof Schema['shape'], string>>,
  schema: Schema,
) {
  return z.preprocess((value) => {
    if (value === null || typeof value !== 'object') return value;
    const wire = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(names).map(([ours, theirs]) => [ours, wire[theirs] ?? undefined]),
    );
  }, schema);
}
