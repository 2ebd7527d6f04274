import { createAlipayDialect } from './alipay/dialect.ts';
import { createBestpayDialect } from './bestpay/dialect.ts';
import type { Dialect } from './dialect.ts';
import type { DialectContext } from './dialect-context.ts';
import type { WalletKeys } from './keys.ts';
import { createWechatDialect } from './wechat/dialect.ts';

/** The wallets that there are keys for. */
export function dialectsOf(keys: Partial<WalletKeys>, context: DialectContext): Dialect[] {
  return [
    ...(keys.wechat === undefined ? [] : [createWechatDialect(keys.wechat, context)]),
    ...(keys.alipay === undefined ? [] : [createAlipayDialect(keys.alipay, context)]),
    ...(keys.bestpay === undefined ? [] : [createBestpayDialect(keys.bestpay, context)]),
  ];
}
