import type { Channel } from '@bianmin/purchase/api/channels';
import type { ComplaintSource } from '../gateways/payment/complaint-contract.ts';
import type { PaymentChannel } from '../gateways/payment/contract.ts';
import { WALLETS } from '../gateways/payment/wallets.ts';
import type { Config } from './config.ts';

/** The channels that this server has by its configuration, in the order in which they are offered. */
export function channelsFrom(config: Config, clock: { now(): number }): Map<Channel, PaymentChannel> {
  const found = Object.values(WALLETS).map(({ channelFrom }) => channelFrom(config, clock));
  return new Map(found.filter((each) => each !== undefined).map((each) => [each.channel, each]));
}

/** Where this server's complaints come from: each channel that has them and is configured. */
export function complaintSourcesFrom(
  config: Config,
  clock: { now(): number },
): Map<Channel, ComplaintSource> {
  const sources = (Object.keys(WALLETS) as Channel[]).flatMap((name) => {
    const source = WALLETS[name].complaintsFrom?.(config, clock);
    return source === undefined ? [] : [[name, source] as const];
  });
  return new Map(sources);
}
