import type { Channel } from '@bianmin/shared/api/channels';
import { createAlipayDialect } from './alipay/dialect.ts';
import { createBestpayDialect } from './bestpay/dialect.ts';
import type { Dialect } from './dialect.ts';
import type { DialectContext } from './dialect-context.ts';
import type { WalletKeys } from './keys.ts';
import { createWechatDialect } from './wechat/dialect.ts';

/** The wallets that there are keys for. */
export function dialectsOf(keys: Partial<WalletKeys>, context: DialectContext): Dialect[] {
  const { wechat, alipay, bestpay } = keys;
  const all: Readonly<Record<Channel, Dialect | undefined>> = {
    wechat: wechat && createWechatDialect(wechat, context),
    alipay: alipay && createAlipayDialect(alipay, context),
    bestpay: bestpay && createBestpayDialect(bestpay, context),
  };
  return Object.values(all).filter((each) => each !== undefined);
}
