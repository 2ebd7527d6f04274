import { channelFactsList, type ChannelFacts } from '@bianmin/purchase/api/payments';
import type { Config } from '../../config/config.ts';
import { DEFAULT_RULE, type ChannelWatch } from '../../gateways/payment/channel-watch.ts';
import { WALLETS } from '../../gateways/payment/wallets.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { UploadedKey } from './key-store.ts';
import type { KeyRotation } from './rotation.ts';

export interface AdminChannelServices {
  readonly watch: ChannelWatch;
  readonly rotation: Pick<KeyRotation, 'list'>;
  readonly config: Config;
}

const read = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:read' } as const;

/** Payment channels as staff see them. */
export function adminChannelRoutes({ watch, rotation, config }: AdminChannelServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/payment-channels',
      summary: 'Each channel with its health, rules, fee and the ends of its keys; never a key',
      response: channelFactsList,
      handler: async () => {
        const uploaded = (await rotation.list()).filter(({ status }) => status === 'active');
        return {
          channels: [...watch.channels.values()].map(({ channel, products, bills }): ChannelFacts => {
            const { weight, minFen, maxFen } = config.CHANNEL_RULES[channel] ?? DEFAULT_RULE;
            return {
              ...{ channel, products: [...products], bills, weight, minFen },
              ...{ up: !watch.isDown(channel), failures: watch.failuresOf(channel) },
              maxFen: maxFen === Number.MAX_SAFE_INTEGER ? null : maxFen,
              feePerMille: config.CHANNEL_FEES[channel] ?? null,
              keys: [
                ...WALLETS[channel].keysOf(config),
                ...uploaded.filter((key) => key.channel === channel).map(keyFacts),
              ],
            };
          }),
        };
      },
    }),
  ];
}

function keyFacts(key: UploadedKey): ChannelFacts['keys'][number] {
  const { _id, channel, whose, serial, fingerprint, notAfter } = key;
  return {
    ...{ source: _id, name: WALLETS[channel].keyNames[whose], whose, fingerprint },
    kind: whose === 'ours' ? 'private-key' : notAfter === undefined ? 'public-key' : 'certificate',
    serial: serial ?? null,
    notAfter: notAfter?.toISOString() ?? null,
  };
}
