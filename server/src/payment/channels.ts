import type { Channel } from '@bianmin/shared/api/scalars';
import type { Config } from '../config.ts';
import { alipayChannelFrom } from './alipay/from-config.ts';
import { bestpayChannelFrom } from './bestpay/from-config.ts';
import type { PaymentChannel } from './contract.ts';
import { wechatChannelFrom } from './wechat/from-config.ts';

/** The channels that this server has by its configuration, in the order in which they are offered. */
export function channelsFrom(config: Config, clock: { now(): number }): Map<Channel, PaymentChannel> {
  const found = [wechatChannelFrom, alipayChannelFrom, bestpayChannelFrom].map((from) => from(config, clock));
  return new Map(found.filter((each) => each !== undefined).map((each) => [each.channel, each]));
}
