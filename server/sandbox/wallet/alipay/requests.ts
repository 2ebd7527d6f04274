import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

// Field limits: Alipay, the pages of each call (opendocs.alipay.com): alipay.trade.precreate, .create, .wap.pay,
// .query, .close, .refund, .fastpay.refund.query.

const outTradeNo = z.string().regex(/^[0-9A-Za-z_]{1,64}$/u);
/** Yuan with two places at most, 0.01 to 100,000,000. */
const amount = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$/u)
  .transform((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  })
  .refine((fen) => fen >= 1 && fen <= 10_000_000_000);
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u)
  .transform((text) => Date.parse(`${text.replace(' ', 'T')}+08:00`))
  .refine((at) => !Number.isNaN(at));

const terms = {
  out_trade_no: outTradeNo,
  total_amount: amount,
  seller_id: z
    .string()
    .regex(/^2088\d{12}$/u)
    .optional(),
  subject: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^/=&]*$/u),
  time_expire: time.optional(),
};

/** Minutes, hours or days: `5m`. */
const life = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhd]$/u)
  .transform(
    (text) => Number(text.slice(0, -1)) * ({ m: 60_000, h: 3_600_000, d: 86_400_000 }[text.slice(-1)] ?? 0),
  );

export const precreateRequest = z.strictObject({
  ...terms,
  product_code: z.enum(['FACE_TO_FACE_PAYMENT', 'QR_CODE_OFFLINE']).optional(),
  terminal_id: z.string().max(32).optional(),
  qr_code_timeout_express: life.optional(),
});

export const createRequest = z
  .strictObject({
    ...terms,
    product_code: z.enum(['FACE_TO_FACE_PAYMENT', 'JSAPI_PAY']).optional(),
    terminal_id: z.string().max(32).optional(),
    buyer_id: z
      .string()
      .regex(/^2088\d{12}$/u)
      .optional(),
    buyer_open_id: z.string().min(1).max(128).optional(),
  })
  .refine((body) => (body.buyer_id === undefined) !== (body.buyer_open_id === undefined));

export const wapRequest = z.strictObject({
  ...terms,
  product_code: z.literal('QUICK_WAP_WAY'),
  quit_url: z.url().max(400).optional(),
});

export const ofTrade = z.strictObject({ out_trade_no: outTradeNo });

export const refundRequest = z.strictObject({
  out_trade_no: outTradeNo,
  trade_no: z.string().max(64).optional(),
  refund_amount: amount,
  out_request_no: z.string().min(1).max(64),
  refund_reason: z.string().max(256).optional(),
});

export const refundQuery = z.strictObject({
  out_trade_no: outTradeNo,
  out_request_no: z.string().min(1).max(64),
});

export const billRequest = z.strictObject({
  bill_type: z.enum(['trade', 'signcustomer']),
  bill_date: z.string().regex(/^\d{4}-\d\d-\d\d$/u),
});

/** What the three ways to begin a payment have in common. */
export interface Terms {
  readonly outTradeNo: string;
  readonly totalFen: number;
  readonly subject: string;
  readonly expiresAt?: number;
}

export function termsOf(body: {
  readonly out_trade_no: string;
  readonly total_amount: number;
  readonly subject: string;
  readonly time_expire?: number | undefined;
}): Terms {
  return {
    outTradeNo: body.out_trade_no,
    totalFen: body.total_amount,
    subject: body.subject,
    ...(body.time_expire === undefined ? {} : { expiresAt: body.time_expire }),
  };
}

/** Checks the content of a call. */
export function contentOf<Schema extends z.ZodType>(
  schema: Schema,
  text: string | undefined,
): z.output<Schema> {
  if (text === undefined) throw new Refusal('isv.missing-parameter');
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new Refusal('isv.invalid-parameter');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal('ACQ.INVALID_PARAMETER', result.error.issues[0]?.path.map(String).join('.'));
}
