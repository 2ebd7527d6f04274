import { createAlipayDialect } from './alipay/dialect.ts';
import { createBestpayDialect } from './bestpay/dialect.ts';
import type { Dialect } from './dialect.ts';
import type { WalletKeys } from './keys.ts';
import { createWechatDialect } from './wechat/dialect.ts';

export interface DialectContext {
  /** Time of the books, ms. */
  readonly now: () => number;
  /** Time that answers are signed at and merchants' signatures are checked against, ms. */
  readonly wireNow: () => number;
  /** Where the wallets listen, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** The wallets that there are keys for. */
export function dialectsOf(keys: Partial<WalletKeys>, context: DialectContext): Dialect[] {
  return [
    ...(keys.wechat === undefined ? [] : [createWechatDialect(keys.wechat, context)]),
    ...(keys.alipay === undefined ? [] : [createAlipayDialect(keys.alipay, context)]),
    ...(keys.bestpay === undefined ? [] : [createBestpayDialect(keys.bestpay, context)]),
  ];
}
