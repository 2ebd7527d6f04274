import type { Config } from '../../config.ts';
import type { ComplaintSource } from '../complaint-contract.ts';
import type { PaymentChannel } from '../contract.ts';
import { hasChannel } from '../settings.ts';
import type { WechatChannelConfig } from './channel.ts';
import { createWechatChannel } from './channel.ts';
import { createWechatComplaints } from './complaints.ts';

const NEEDED = [
  'WECHAT_APPID',
  'WECHAT_MCHID',
  'WECHAT_SERIAL',
  'WECHAT_PRIVATE_KEY',
  'WECHAT_PLATFORM_KEYS',
  'WECHAT_APIV3_KEY',
] as const;

/** The channel as the environment configures it; undefined where it does not. */
export function wechatChannelFrom(config: Config, clock: { now(): number }): PaymentChannel | undefined {
  if (!hasChannel(config, NEEDED)) return undefined;
  return createWechatChannel({
    baseUrl: config.WECHAT_BASE_URL,
    appid: config.WECHAT_APPID,
    mchid: config.WECHAT_MCHID,
    serial: config.WECHAT_SERIAL,
    privateKey: config.WECHAT_PRIVATE_KEY,
    platformKeys: config.WECHAT_PLATFORM_KEYS,
    apiV3Key: config.WECHAT_APIV3_KEY,
    products: config.WECHAT_PRODUCTS,
    identity: identityFrom(config),
    refundNotifyUrl: `${config.PUBLIC_URL.replace(/\/$/, '')}/v1/notify/wechat`,
    clock,
  });
}

/** The same of its complaints; undefined where there is no channel. */
export function wechatComplaintsFrom(config: Config, clock: { now(): number }): ComplaintSource | undefined {
  if (!hasChannel(config, NEEDED)) return undefined;
  return createWechatComplaints({
    baseUrl: config.WECHAT_BASE_URL,
    mchid: config.WECHAT_MCHID,
    serial: config.WECHAT_SERIAL,
    privateKey: config.WECHAT_PRIVATE_KEY,
    platformKeys: config.WECHAT_PLATFORM_KEYS,
    clock,
  });
}

function identityFrom(config: Config): WechatChannelConfig['identity'] {
  const { WECHAT_APP_SECRET: appSecret } = config;
  if (appSecret === undefined) {
    if (!config.WECHAT_PRODUCTS.includes('in-wallet')) return undefined;
    throw new Error(
      'Configuration is not usable. Set WECHAT_APP_SECRET too, or take in-wallet out of WECHAT_PRODUCTS.',
    );
  }
  const { WECHAT_CONSENT_URL: consentUrl, WECHAT_TOKEN_URL: tokenUrl } = config;
  return { appSecret, consentUrl, tokenUrl, timeoutMs: 10_000 };
}
