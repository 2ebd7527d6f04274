import { walletEnv } from '../../sandbox/wallet/wallets.ts';
import { generateWechatKeys } from '../../sandbox/wallet/wechat/keys.ts';
import type { WechatKeys } from '../../sandbox/wallet/wechat/keys.ts';
import { PAYMENT_PRODUCTS } from '../gateways/payment/contract.ts';
import type { ComplaintSource } from '../gateways/payment/complaint-contract.ts';
import { createWechatChannel } from '../gateways/payment/wechat/channel.ts';
import { createWechatComplaints } from '../gateways/payment/wechat/complaints.ts';
import { startWallet } from './wallet-harness.ts';
import type { AdapterTime, WalletHarness } from './wallet-harness.ts';

let keys: WechatKeys | undefined;

/** One set of keys for a test file: making RSA keys takes most of a second. */
export function testWechatKeys(): WechatKeys {
  keys ??= generateWechatKeys();
  return keys;
}

/** The WeChat adapter against a wallet sandbox, both on one clock, and an endpoint that keeps notifications. */
export function startWechat(): Promise<WalletHarness> {
  const wechat = testWechatKeys();
  return startWallet({
    name: 'wechat',
    keys: { wechat },
    adapter: (url, { clock, deadline }) => {
      const env = walletEnv({ wechat }, url);
      return createWechatChannel({
        baseUrl: env['WECHAT_BASE_URL'] ?? '',
        appid: env['WECHAT_APPID'] ?? '',
        mchid: env['WECHAT_MCHID'] ?? '',
        serial: env['WECHAT_SERIAL'] ?? '',
        privateKey: env['WECHAT_PRIVATE_KEY'] ?? '',
        platformKeys: JSON.parse(env['WECHAT_PLATFORM_KEYS'] ?? '{}') as Record<string, string>,
        apiV3Key: env['WECHAT_APIV3_KEY'] ?? '',
        products: PAYMENT_PRODUCTS,
        identity: {
          appSecret: env['WECHAT_APP_SECRET'] ?? '',
          consentUrl: env['WECHAT_CONSENT_URL'] ?? '',
          tokenUrl: env['WECHAT_TOKEN_URL'] ?? '',
          timeoutMs: 10_000,
          deadline,
        },
        clock,
        deadline,
      });
    },
  });
}

/** The adapter for complaints at the wallet that listens there. */
export function wechatComplaints(url: string, { clock, deadline }: AdapterTime): ComplaintSource {
  const env = walletEnv({ wechat: testWechatKeys() }, url);
  return createWechatComplaints({
    baseUrl: env['WECHAT_BASE_URL'] ?? '',
    mchid: env['WECHAT_MCHID'] ?? '',
    serial: env['WECHAT_SERIAL'] ?? '',
    privateKey: env['WECHAT_PRIVATE_KEY'] ?? '',
    platformKeys: JSON.parse(env['WECHAT_PLATFORM_KEYS'] ?? '{}') as Record<string, string>,
    clock,
    deadline,
  });
}
