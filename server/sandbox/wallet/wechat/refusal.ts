import type { BookRefusal } from '../book-error.ts';
import { BookError } from '../book-error.ts';

/** Refusals that the API answers with, and their HTTP status. WeChat Pay API v3, error tables of each call. */
const REFUSALS = {
  PARAM_ERROR: 400,
  INVALID_REQUEST: 400,
  APPID_MCHID_NOT_MATCH: 400,
  ORDERPAID: 400,
  ORDER_CLOSED: 400,
  NO_STATEMENT_EXIST: 400,
  STATEMENT_CREATING: 400,
  SIGN_ERROR: 401,
  OUT_TRADE_NO_USED: 403,
  NOT_ENOUGH: 403,
  ORDER_NOT_EXIST: 404,
  RESOURCE_NOT_EXISTS: 404,
  FREQUENCY_LIMITED: 429,
  SYSTEM_ERROR: 500,
} as const;
export type Refusal = keyof typeof REFUSALS;

/** A refusal in the API's own form: `{code, message}` under the status that belongs to the code. */
export class WalletRefusal extends Error {
  readonly code: Refusal;
  readonly status: number;
  readonly detail: Readonly<Record<string, string>> | undefined;

  constructor(code: Refusal, message: string, detail?: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'WalletRefusal';
    this.code = code;
    this.status = REFUSALS[code];
    this.detail = detail;
  }
}

const BOOK_REFUSALS: Readonly<Record<BookRefusal, readonly [Refusal, string]>> = {
  paid: ['ORDERPAID', '该订单已支付'],
  closed: ['ORDER_CLOSED', '该订单已关闭'],
  different: ['OUT_TRADE_NO_USED', '商户订单号重复：请求参数与首次下单时不一致'],
  'expiry-passed': ['INVALID_REQUEST', 'time_expire必须晚于当前时间'],
  'no-trade': ['ORDER_NOT_EXIST', '订单不存在'],
  'other-trade': ['INVALID_REQUEST', '微信支付订单号与商户订单号不匹配'],
  'not-paid': ['INVALID_REQUEST', '订单未支付，不能退款'],
  'no-refund': ['RESOURCE_NOT_EXISTS', '退款单不存在'],
  'refund-different': ['INVALID_REQUEST', '商户退款单号重复：请求参数与首次申请时不一致'],
  'refund-too-late': ['INVALID_REQUEST', '订单已超过可退款的最大期限(支付完成后一年内可退款)'],
  'refund-total': ['INVALID_REQUEST', '订单金额不一致'],
  'refund-too-often': ['INVALID_REQUEST', '退款次数超过限制'],
  'refund-too-much': ['INVALID_REQUEST', '申请退款金额大于订单剩余可退金额'],
};

/** What the API answers to an error, or undefined for one that is the sandbox's own fault. */
export function refusalOf(error: unknown): WalletRefusal | undefined {
  if (error instanceof WalletRefusal) return error;
  return error instanceof BookError ? new WalletRefusal(...BOOK_REFUSALS[error.reason]) : undefined;
}
