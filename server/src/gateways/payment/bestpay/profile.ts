import { z } from 'zod';

const algorithm = z.enum(['SHA1withRSA', 'SHA256withRSA']);
const path = z.string().regex(/^(?:\/[\w.-]+)+$/u);
const name = z.string().regex(/^[A-Za-z]\w{0,63}$/u);
const words = z.array(z.string().min(1).max(64));
const CALLS = ['create', 'query', 'close', 'refund', 'refundQuery', 'bill'] as const;

/**
 * Everything about Bestpay that public reports do not agree on, or do not say. This code has never talked to the
 * real one: a merchant's account changes these data (`BESTPAY_PROFILE`), not the code. What is named replaces the
 * default. Where each default comes from: docs/protocol/bestpay.md.
 */
export const bestpayProfile = z.strictObject({
  /** `BESTPAY_MAPI_VERSION` in the gateway's address. */
  version: z
    .string()
    .regex(/^[\w.]{1,16}$/u)
    .default('1.0.3'),
  paths: z
    .strictObject({
      create: path.default('/aggregate/aggregatepay/offline/c2b/payOrder'),
      query: path.default('/aggregate/aggregatepay/tradeQuery'),
      close: path.default('/o2o/aggregatePay/service/closeTrade'),
      refund: path.default('/integrate/refund'),
      refundQuery: path.default('/integrate/refundQuery'),
      /** No report names a call that gives a bill. null: this merchant's bills cannot be downloaded. */
      bill: path.nullable().default(null),
    })
    .prefault({}),
  signing: z
    .strictObject({
      request: algorithm.default('SHA256withRSA'),
      /** Any of these proves an answer or a notification. */
      answers: z.array(algorithm).min(1).default(['SHA1withRSA', 'SHA256withRSA']),
      /** How a field that is null stands in what is signed: `name=null`, or not at all. */
      nulls: z.enum(['written', 'left-out']).default('written'),
    })
    .prefault({}),
  /** The success test: `field` is one of `values`, and where the result has `business`, that is one of `ok`. */
  success: z
    .strictObject({
      field: name.default('success'),
      values: words.min(1).default(['true']),
      result: name.default('result'),
      code: name.default('errorCode'),
      business: name.default('resultCode'),
      ok: words.default(['SUCCESS', '0000']),
    })
    .prefault({}),
  fields: z
    .strictObject({
      codeUrl: name.default('codeUrl'),
      /** Seconds that a new payment can be paid for. */
      expiry: name.default('timeOut'),
      tradeNo: name.default('tradeNo'),
      tradeStatus: name.default('tradeStatus'),
      tradeAmount: name.default('tradeAmt'),
      paidAt: name.default('payFinishedDate'),
      refundNo: name.default('outRefundNo'),
      refundAmount: name.default('refundAmt'),
      refundReason: name.default('refundCause'),
      /** Of a refund: the day of its payment, `yyyy-MM-dd`. */
      refundTradeDate: name.default('tradeDate'),
      refundStatus: name.default('refundStatus'),
      noticeType: name.default('notifyType'),
      noticeAmount: name.default('totalAmt'),
      noticeRefundStatus: name.default('tradeStatus'),
    })
    .prefault({}),
  /** Constants that a merchant's contract asks for beside our own fields: `{"create":{"mediumType":"WIRELESS"}}`. */
  extra: z.partialRecord(z.enum(CALLS), z.record(name, z.string().max(256))).default({}),
  maxSubject: z.int().min(8).default(128),
  statuses: z
    .strictObject({
      paid: words.default(['SUCCESS']),
      pending: words.default(['NOTPAY', 'WAITFORPAY']),
      closed: words.default(['CLOSE', 'FAIL']),
    })
    .prefault({}),
  refundStatuses: z
    .strictObject({
      done: words.default(['SUCCESS']),
      sent: words.default(['PROCESSING']),
      closed: words.default(['FAIL']),
    })
    .prefault({}),
  notices: z
    .strictObject({ payment: words.default(['PAY']), refund: words.default(['REFUND']) })
    .prefault({}),
  /**
   * What error codes mean. Only the first list is reported; a code that is in none of them is `payment.unknown`,
   * which moves no money and asks again.
   */
  codes: z
    .strictObject({
      /** Our account, certificate or signature is turned away before anything is done. Believed unsigned. */
      ours: words.default(['API100001', 'API500009']),
      /** Too many calls: nothing was done. */
      busy: words.default([]),
      /** Our account there does not cover a refund: nothing was done. */
      poor: words.default([]),
      notFound: words.default([]),
      noRefund: words.default([]),
      billNotReady: words.default([]),
      /** Any other final refusal. */
      refused: words.default([]),
    })
    .prefault({}),
});
export type BestpayProfile = z.output<typeof bestpayProfile>;
export type BestpayCall = (typeof CALLS)[number];
