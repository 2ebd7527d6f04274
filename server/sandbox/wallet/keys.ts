import { join } from 'node:path';
import type { Channel } from '@bianmin/shared/api/channels';
import type { AlipayKeys } from './alipay/keys.ts';
import { alipayEnv, alipayKeys, generateAlipayKeys } from './alipay/keys.ts';
import type { BestpayKeys } from './bestpay/keys.ts';
import { bestpayEnv, bestpayKeys, generateBestpayKeys } from './bestpay/keys.ts';
import { loadOrCreate } from './key-file.ts';
import type { WechatKeys } from './wechat/keys.ts';
import { generateWechatKeys, wechatEnv, wechatKeys } from './wechat/keys.ts';

/** Every secret of a merchant and of the wallets that it talks to. Sandbox only. */
export interface WalletKeys {
  readonly wechat: WechatKeys;
  readonly alipay: AlipayKeys;
  readonly bestpay: BestpayKeys;
}

/** Reads the keys of `folder`, or makes them there: the folder 0700, each wallet's file 0600. */
export async function loadOrCreateWalletKeys(folder: string): Promise<WalletKeys> {
  return {
    wechat: await loadOrCreate(join(folder, 'wallet-keys.json'), wechatKeys, generateWechatKeys),
    alipay: await loadOrCreate(join(folder, 'alipay-keys.json'), alipayKeys, generateAlipayKeys),
    bestpay: await loadOrCreate(join(folder, 'bestpay-keys.json'), bestpayKeys, generateBestpayKeys),
  } satisfies Record<Channel, unknown>;
}

/**
 * The server's environment for these keys. `baseUrl` is where the wallets listen; without it the variables that
 * say so are left out, and the server would talk to the real ones. Wallets without keys are left out.
 */
export function walletEnv(keys: Partial<WalletKeys>, baseUrl?: string): Record<string, string> {
  return {
    ...(keys.wechat === undefined ? {} : wechatEnv(keys.wechat, baseUrl)),
    ...(keys.alipay === undefined ? {} : alipayEnv(keys.alipay, baseUrl)),
    ...(keys.bestpay === undefined ? {} : bestpayEnv(keys.bestpay, baseUrl)),
  };
}
