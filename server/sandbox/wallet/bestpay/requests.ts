import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

// Field names: reports of the c2b order, `uniformReceipt` and `/integrate/*`; limits are guesses.

const number = z.string().regex(/^\w{6,64}$/u);
const amount = z
  .string()
  .regex(/^[1-9]\d{0,11}$/u)
  .transform(Number);
const stamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u)
  .transform((text) => Date.parse(`${text.replace(' ', 'T')}+08:00`))
  .refine((at) => !Number.isNaN(at));
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/u);
const asked = { ccy: z.literal('156'), requestDate: stamp, operator: z.string().min(1).max(32) };
const ofTrade = { merchantNo: z.string(), outTradeNo: number };

export const createRequest = z.strictObject({
  ...ofTrade,
  ...asked,
  tradeAmt: amount,
  subject: z.string().min(1).max(128),
  goodsInfo: z.string().min(1).max(128),
  notifyUrl: z.url().max(256),
  timeOut: z
    .string()
    .regex(/^[1-9]\d{0,5}$/u)
    .transform(Number),
});

export const tradeRequest = z.strictObject(ofTrade);

export const refundRequest = z.strictObject({
  ...ofTrade,
  ...asked,
  tradeNo: number.optional(),
  outRefundNo: number,
  refundAmt: amount,
  tradeDate: day,
  refundCause: z.string().max(64),
});

export const refundQuery = z.strictObject({ ...ofTrade, outRefundNo: number });

export const billRequest = z.strictObject({ merchantNo: z.string(), billDate: day });

/** Checks the content of a call. */
export function contentOf<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new Refusal('INVALID', 'bizContent');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal('INVALID', result.error.issues[0]?.path.map(String).join('.'));
}
