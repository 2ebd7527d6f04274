import type { Config } from '../../config.ts';
import type { PaymentChannel } from '../contract.ts';
import { hasChannel } from '../settings.ts';
import { createWechatChannel } from './channel.ts';

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
    refundNotifyUrl: `${config.PUBLIC_URL.replace(/\/$/, '')}/v1/notify/wechat`,
    clock,
  });
}
