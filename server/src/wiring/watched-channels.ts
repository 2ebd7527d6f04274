import { ChannelWatch } from '../gateways/payment/channel-watch.ts';
import type { Deps } from '../config/deps.ts';
import { tellEnded } from '../adapters/tracing/span.ts';
import { type OrderMetrics } from '../orders/desk/metrics.ts';

/** Health of the channels, as this process sees it. */
export function watchChannels({ channels, config, log, spans }: Deps, metrics: OrderMetrics): ChannelWatch {
  for (const channel of channels.keys()) metrics.channelUp.set({ channel }, 1);
  return new ChannelWatch({
    channels,
    rules: config.CHANNEL_RULES,
    called: ({ channel, operation, outcome, ms }) => {
      metrics.channelCalls.observe({ channel, operation, outcome }, ms / 1000);
      tellEnded(spans, {
        ...{ name: `${channel} ${operation}`, kind: 'client', ms },
        failed: outcome !== 'ok' && outcome !== 'refused',
        facts: { 'bianmin.channel': channel, 'bianmin.operation': operation, 'bianmin.outcome': outcome },
      });
    },
    changed(channel, up) {
      metrics.channelUp.set({ channel }, up ? 1 : 0);
      log.warn({ channel, up }, up ? 'a channel answers again' : 'a channel does not answer and is hidden');
    },
  });
}
