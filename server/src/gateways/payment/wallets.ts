import type { Channel } from '@bianmin/purchase/api/channels';
import { ALIPAY_SETTINGS, alipayWallet } from './alipay/settings.ts';
import { BESTPAY_SETTINGS, bestpayWallet } from './bestpay/settings.ts';
import type { SettingsOf } from './settings.ts';
import type { Wallet } from './wallet.ts';
import { WECHAT_SETTINGS, wechatWallet } from './wechat/settings.ts';

/** The variables of every wallet. */
export const WALLET_SETTINGS = { ...WECHAT_SETTINGS, ...ALIPAY_SETTINGS, ...BESTPAY_SETTINGS };

/** What the server asks of each wallet, in the order in which they are offered. */
export const WALLETS: Readonly<Record<Channel, Wallet<SettingsOf<typeof WALLET_SETTINGS>>>> = {
  wechat: wechatWallet,
  alipay: alipayWallet,
  bestpay: bestpayWallet,
};
