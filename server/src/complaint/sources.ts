import type { Channel } from '@bianmin/shared/api/scalars';
import type { Config } from '../config.ts';
import { wechatComplaintsFrom } from '../payment/wechat/from-config.ts';
import type { ComplaintSource } from '../payment/complaint-contract.ts';

/** Where this server's complaints come from, by its configuration: each channel that has them and is configured. */
export function complaintSourcesFrom(
  config: Config,
  clock: { now(): number },
): Map<Channel, ComplaintSource> {
  const wechat = wechatComplaintsFrom(config, clock);
  return new Map(wechat === undefined ? [] : [['wechat', wechat]]);
}
