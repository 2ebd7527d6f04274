import { z } from 'zod';

// Shapes of what WeChat Pay API v3 sends, as far as they are used here. Sources: "Native 下单" (doc/v3/merchant/
// 4012791877), "查询订单", "申请退款", "支付通知", "退款结果通知". Unknown fields are ignored: the API adds some.

/** RFC 3339 with an offset. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const fen = z.int().min(0);

export const codeAnswer = z.object({ code_url: z.string().min(1).max(512) });
export const prepayAnswer = z.object({ prepay_id: z.string().min(1).max(64) });
export const h5Answer = z.object({ h5_url: z.url().max(512) });

/** `sns/oauth2/access_token`: of the access token nothing is needed. */
export const openidAnswer = z.union([
  z.object({ openid: z.string().min(1).max(128) }),
  z.object({ errcode: z.int() }),
]);

const paidAmount = z.object({ total: fen.min(1), currency: z.string().default('CNY') });

/** A query's answer. Only a paid trade has a transaction. */
export const tradeAnswer = z.object({ appid: z.string(), mchid: z.string(), out_trade_no: z.string() }).and(
  z.discriminatedUnion('trade_state', [
    z.object({
      trade_state: z.enum(['SUCCESS', 'REFUND']),
      transaction_id: z.string().min(1).max(32),
      success_time: time,
      amount: paidAmount,
    }),
    z.object({ trade_state: z.enum(['NOTPAY', 'USERPAYING', 'ACCEPT', 'PAYERROR']) }),
    z.object({ trade_state: z.enum(['CLOSED', 'REVOKED']) }),
  ]),
);

const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED']);
export type WechatRefundStatus = z.infer<typeof refundStatus>;

export const refundAnswer = z.object({
  out_refund_no: z.string(),
  status: refundStatus,
  amount: z.object({ refund: fen.min(1), currency: z.string().default('CNY') }),
});

/** Where a bill is, and what it must hash to. */
export const billAnswer = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url().max(2048),
});

/** `{code, message}` of a refusal. */
export const refusalAnswer = z.object({ code: z.string().regex(/^[A-Z0-9_]{1,64}$/) });

/** A notification before its resource is opened. */
export const notificationEnvelope = z.object({
  id: z.string().min(1).max(64),
  event_type: z.string().max(64),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    ciphertext: z.base64().min(24).max(1_048_576),
    associated_data: z.string().max(16).default(''),
    nonce: z.string().length(12),
  }),
});

/** The resource of `TRANSACTION.SUCCESS`. */
export const paidResource = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: z.string().min(1).max(32),
  transaction_id: z.string().min(1).max(32),
  trade_state: z.literal('SUCCESS'),
  success_time: time,
  amount: paidAmount,
});

/** The resource of `REFUND.SUCCESS`, `REFUND.ABNORMAL` and `REFUND.CLOSED`. It names no application. */
export const refundResource = z.object({
  mchid: z.string(),
  out_refund_no: z.string().min(1).max(64),
  refund_status: refundStatus.exclude(['PROCESSING']),
  amount: z.object({ refund: fen.min(1) }),
});
