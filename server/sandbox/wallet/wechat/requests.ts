import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import { WalletRefusal } from './refusal.ts';

// Field limits: WeChat Pay API v3, "Native 下单" (doc/v3/merchant/4012791877), "申请退款", "关闭订单".

const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
const fen = z.int().min(1).max(1_000_000_000);
const amountCny = z.literal('CNY');

/** HTTPS without a query, as the real one asks; plain http only to this machine, because it is a sandbox. */
const notifyUrl = z
  .url()
  .max(255)
  .refine((text) => {
    const url = new URL(text);
    const local = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\./.test(url.hostname);
    return (url.protocol === 'https:' || (url.protocol === 'http:' && local)) && url.search === '';
  });

/** `POST /v3/pay/transactions/native`. A null is a fault, as an absent field is not. */
export const nativeRequest = z.strictObject({
  appid: z.string().min(1).max(32),
  mchid: z.string().min(1).max(32),
  description: z.string().min(1).max(127),
  out_trade_no: outTradeNo,
  time_expire: z.iso.datetime({ offset: true }).max(64).optional(),
  attach: z.string().max(128).optional(),
  notify_url: notifyUrl,
  goods_tag: z.string().max(32).optional(),
  support_fapiao: z.boolean().optional(),
  amount: z.strictObject({ total: fen, currency: amountCny.optional() }),
  scene_info: z
    .strictObject({
      payer_client_ip: z.string().min(1).max(45),
      device_id: z.string().max(32).optional(),
      store_info: z.looseObject({ id: z.string().max(32) }).optional(),
    })
    .optional(),
  settle_info: z.strictObject({ profit_sharing: z.boolean().optional() }).optional(),
  detail: z.looseObject({}).optional(),
});
export type NativeRequest = z.infer<typeof nativeRequest>;

/** `POST /v3/pay/transactions/jsapi`. WeChat Pay API v3, "JSAPI/小程序下单". */
export const jsapiRequest = nativeRequest.extend({
  payer: z.strictObject({ openid: z.string().min(1).max(128) }),
});

/** `POST /v3/pay/transactions/h5`. WeChat Pay API v3, "H5 下单" (doc/v3/merchant/4012791834). */
export const h5Request = nativeRequest.extend({
  scene_info: z.strictObject({
    payer_client_ip: z.union([z.ipv4(), z.ipv6()]),
    device_id: z.string().max(32).optional(),
    store_info: z.looseObject({ id: z.string().max(32) }).optional(),
    h5_info: z.strictObject({
      type: z.enum(['Wap', 'iOS', 'Android']),
      app_name: z.string().max(64).optional(),
      app_url: z.string().max(128).optional(),
      bundle_id: z.string().max(128).optional(),
      package_name: z.string().max(128).optional(),
    }),
  }),
});

/** `POST …/close`. */
export const closeRequest = z.strictObject({ mchid: z.string().min(1).max(32) });

/** `POST /v3/refund/domestic/refunds`. */
export const refundRequest = z
  .strictObject({
    transaction_id: z.string().min(1).max(32).optional(),
    out_trade_no: outTradeNo.optional(),
    out_refund_no: z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/),
    reason: z.string().min(1).max(80).optional(),
    notify_url: notifyUrl.optional(),
    funds_account: z.literal('AVAILABLE').optional(),
    amount: z.strictObject({ refund: fen, total: fen, currency: amountCny }),
  })
  .refine((body) => body.transaction_id !== undefined || body.out_trade_no !== undefined, {
    path: ['out_trade_no'],
    error: 'transaction_id or out_trade_no',
  });

/** Checks a body; throws `PARAM_ERROR` that names the field in the API's own way. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, raw: string): z.output<Schema> {
  let body: unknown;
  try {
    body = parseJson(raw);
  } catch {
    throw new WalletRefusal('PARAM_ERROR', '请求体不是有效的JSON', { location: 'body' });
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined ? '' : `/${issue.path.map(String).join('/')}`;
  throw new WalletRefusal('PARAM_ERROR', `参数错误：输入源“/body${field}”校验失败`, {
    location: 'body',
    field,
    issue: issue?.message ?? '',
  });
}
