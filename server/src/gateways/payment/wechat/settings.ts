import { LIMITS } from '../../../kernel/limits.ts';
import { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import type { ComplaintSource } from '../complaint-contract.ts';
import type { PaymentChannel } from '../contract.ts';
import { factsOf, keysNamed, secretKey } from '../key-facts.ts';
import { hasChannel, productsSetting, type SettingsOf } from '../settings.ts';
import type { Wallet } from '../wallet.ts';
import { createWechatChannel, type WechatChannelConfig } from './channel.ts';
import { createWechatComplaints } from './complaints.ts';
import { siteUrl } from '../../../kernel/site-url.ts';

export const WECHAT_SETTINGS = {
  WECHAT_BASE_URL: z.url().default('https://api.mch.weixin.qq.com/'),
  WECHAT_APPID: z.string().min(1).optional(),
  WECHAT_MCHID: z.string().min(1).optional(),
  WECHAT_SERIAL: z.string().min(1).optional(),
  /** PEM. */
  WECHAT_PRIVATE_KEY: z.string().min(1).optional(),
  /** Platform public keys or certificates by serial: `PUB_KEY_ID_…=PEM`, JSON object. */
  WECHAT_PLATFORM_KEYS: z
    .string()
    .transform((text) => z.record(z.string(), z.string()).parse(parseJson(text)))
    .optional(),
  WECHAT_APIV3_KEY: z.string().length(32).optional(),
  /** What our contract with WeChat Pay allows: `code`, `in-wallet`, `browser`, with commas. */
  WECHAT_PRODUCTS: productsSetting(),
  /** Of the official account that pages inside WeChat belong to; needed for `in-wallet`. */
  WECHAT_APP_SECRET: z.string().min(1).optional(),
  /** Where a phone is sent to consent, and where this server then asks who it was. */
  WECHAT_CONSENT_URL: z.url().default('https://open.weixin.qq.com/'),
  WECHAT_TOKEN_URL: z.url().default('https://api.weixin.qq.com/'),
};
export type WechatSettings = SettingsOf<typeof WECHAT_SETTINGS>;

const NEEDED = [
  'WECHAT_APPID',
  'WECHAT_MCHID',
  'WECHAT_SERIAL',
  'WECHAT_PRIVATE_KEY',
  'WECHAT_PLATFORM_KEYS',
  'WECHAT_APIV3_KEY',
] as const;

/** The channel as the environment configures it; undefined where it does not. */
function channelFrom(settings: WechatSettings, clock: { now(): number }): PaymentChannel | undefined {
  if (!hasChannel(settings, NEEDED)) return undefined;
  return createWechatChannel({
    baseUrl: settings.WECHAT_BASE_URL,
    appid: settings.WECHAT_APPID,
    mchid: settings.WECHAT_MCHID,
    serial: settings.WECHAT_SERIAL,
    privateKey: settings.WECHAT_PRIVATE_KEY,
    platformKeys: settings.WECHAT_PLATFORM_KEYS,
    apiV3Key: settings.WECHAT_APIV3_KEY,
    products: settings.WECHAT_PRODUCTS,
    identity: identityFrom(settings),
    refundNotifyUrl: `${siteUrl(settings.PUBLIC_URL)}/v1/notify/wechat`,
    clock,
  });
}

/** The same of its complaints; undefined where there is no channel. */
function complaintsFrom(settings: WechatSettings, clock: { now(): number }): ComplaintSource | undefined {
  if (!hasChannel(settings, NEEDED)) return undefined;
  return createWechatComplaints({
    baseUrl: settings.WECHAT_BASE_URL,
    mchid: settings.WECHAT_MCHID,
    serial: settings.WECHAT_SERIAL,
    privateKey: settings.WECHAT_PRIVATE_KEY,
    platformKeys: settings.WECHAT_PLATFORM_KEYS,
    clock,
  });
}

function identityFrom(settings: WechatSettings): WechatChannelConfig['identity'] {
  const { WECHAT_APP_SECRET: appSecret } = settings;
  if (appSecret === undefined) {
    if (!settings.WECHAT_PRODUCTS.includes('in-wallet')) return undefined;
    throw new Error(
      'Configuration is not usable. Set WECHAT_APP_SECRET too, or take in-wallet out of WECHAT_PRODUCTS.',
    );
  }
  const { WECHAT_CONSENT_URL: consentUrl, WECHAT_TOKEN_URL: tokenUrl } = settings;
  return { appSecret, consentUrl, tokenUrl, timeoutMs: LIMITS.channel };
}

export const wechatWallet: Wallet<WechatSettings> = {
  channelFrom,
  complaintsFrom,
  keysOf: (settings) => [
    ...keysNamed(settings, 'WECHAT_PRIVATE_KEY', { whose: 'ours', serial: settings.WECHAT_SERIAL }),
    ...Object.entries(settings.WECHAT_PLATFORM_KEYS ?? {}).flatMap(([serial, pem]) =>
      factsOf(pem).map((facts) => {
        const name = 'WECHAT_PLATFORM_KEYS';
        return { source: 'environment', name, whose: 'theirs' as const, ...facts, serial };
      }),
    ),
    ...secretKey('WECHAT_APIV3_KEY', settings.WECHAT_APIV3_KEY),
  ],
  keyNames: { ours: 'WECHAT_PRIVATE_KEY', theirs: 'WECHAT_PLATFORM_KEYS' },
  againstKey: (_, { serial }) =>
    serial === undefined
      ? 'WeChat Pay names keys by a serial. Give the one that its console shows.'
      : undefined,
  withKey: (settings, { whose, pem, serial = '' }) =>
    whose === 'ours'
      ? { WECHAT_PRIVATE_KEY: pem, WECHAT_SERIAL: serial }
      : { WECHAT_PLATFORM_KEYS: { ...settings.WECHAT_PLATFORM_KEYS, [serial]: pem } },
};
