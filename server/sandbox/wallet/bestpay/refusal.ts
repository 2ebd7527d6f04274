import { BookError } from '../book-error.ts';
import type { BookRefusal } from '../book-error.ts';

/**
 * What the gateway answers other than a success. Only the first is a code of the real Bestpay; its others are not
 * public, so these are the sandbox's own words, and the server learns them by its profile as it would the real
 * ones.
 */
const REFUSALS = {
  API100001: '签名认证失败',
  SYSTEM: '系统繁忙',
  INVALID: '参数无效',
  NO_PATH: '接口不存在',
  TOO_OFTEN: '调用过于频繁',
  POOR: '商户余额不足',
  NOT_FOUND: '订单不存在',
  NO_REFUND: '退款不存在',
  BILL_LATER: '账单尚未生成',
  PAID: '订单已支付',
  CLOSED: '订单已关闭',
  DIFFERENT: '同一单号内容不一致',
  EXPIRED: '订单已过期',
  NOT_PAID: '订单未支付',
  TOO_MUCH: '退款金额超限',
  TOO_LATE: '超过退款期限',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** Those that are final answers about what was asked; `SYSTEM` and such say nothing. */
export const FINAL: readonly RefusalCode[] = [
  'INVALID',
  'NO_PATH',
  'PAID',
  'CLOSED',
  'DIFFERENT',
  'EXPIRED',
  'NOT_PAID',
  'TOO_MUCH',
  'TOO_LATE',
];

export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, detail?: string) {
    super(detail === undefined ? REFUSALS[code] : `${REFUSALS[code]}：${detail}`);
    this.name = 'Refusal';
    this.code = code;
  }
}

const OF_BOOKS: Readonly<Record<BookRefusal, RefusalCode>> = {
  paid: 'PAID',
  closed: 'CLOSED',
  different: 'DIFFERENT',
  'expiry-passed': 'EXPIRED',
  'no-trade': 'NOT_FOUND',
  'other-trade': 'NOT_FOUND',
  'not-paid': 'NOT_PAID',
  'no-refund': 'NO_REFUND',
  'refund-different': 'DIFFERENT',
  'refund-too-late': 'TOO_LATE',
  'refund-total': 'TOO_MUCH',
  'refund-too-often': 'TOO_MUCH',
  'refund-too-much': 'TOO_MUCH',
};

/** What a failed call is answered; anything that is no refusal is thrown on. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof BookError) return new Refusal(OF_BOOKS[error.reason]);
  throw error;
}
