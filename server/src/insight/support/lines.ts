import type { SupportLine } from '@bianmin/purchase/api/support';
import { lookAtLine, type LineInit } from '@bianmin/purchase/node/support/line';
import type { Clock } from '@bianmin/card/clock';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { Config } from '../../config/config.ts';
import { WALLETS } from '../../gateways/payment/wallets.ts';

/** The setting of where a channel's money is asked for. */
const ADDRESS = /_(?:GATEWAY|BASE_URL)$/u;

/** The ways to grid, channels and our own public address, each step timed. Nothing of ours is sent but a GET. */
export function linesOf(config: Config, clock: Clock): Promise<SupportLine[]> {
  const times: Pick<LineInit, 'now' | 'monotonic'> = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
  };
  return Promise.all([
    lookAtLine({ ...times, to: 'grid', url: config.GRID_URL, tls: gridTls(config) }),
    lookAtLine({ ...times, to: 'public', url: config.PUBLIC_URL, path: '/healthz' }),
    ...othersOf(config).map(({ to, url }) => lookAtLine({ ...times, to, url })),
  ]);
}

/** The channels that are set up, and the platform of invoices. */
function othersOf(config: Config): Pick<LineInit, 'to' | 'url'>[] {
  const channels = CHANNELS.flatMap((to) => {
    const of = Object.entries(config).find(
      ([name]) => name.startsWith(`${to.toUpperCase()}_`) && ADDRESS.test(name),
    );
    const isSetUp = WALLETS[to].keysOf(config).length > 0;
    return isSetUp && typeof of?.[1] === 'string' ? [{ to, url: of[1] }] : [];
  });
  return config.INVOICE_URL === undefined
    ? channels
    : [...channels, { to: 'invoice', url: config.INVOICE_URL }];
}

function gridTls({
  GRID_TLS_CERT: cert,
  GRID_TLS_KEY: key,
  GRID_TLS_CA: ca,
}: Config): NonNullable<LineInit['tls']> {
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
  };
}
