import { bestpayEnv, generateBestpayKeys } from '../../sandbox/wallet/bestpay/keys.ts';
import type { BestpayKeys } from '../../sandbox/wallet/bestpay/keys.ts';
import { configSchema } from '../config/config.ts';
import { bestpayWallet } from '../gateways/payment/bestpay/settings.ts';
import type { PaymentChannel } from '../gateways/payment/contract.ts';
import { testConfig } from './config.ts';
import { TYPICAL } from './payment-harness.ts';
import type { ChannelNature } from './payment-harness.ts';
import { startWallet } from './wallet-harness.ts';
import type { AdapterTime, WalletHarness } from './wallet-harness.ts';

/** As our sandbox understands public reports: paid once, a refund is worked on and done or fails, nothing is dated. */
export const BESTPAY_NATURE: ChannelNature = {
  ...TYPICAL,
  takesTwice: false,
  refundOutcomes: ['done', 'closed'],
  signature: 'undated-fields',
  products: ['code', 'browser'],
  returns: false,
  noPlaceFor: ['old-clock', 'probe', 'stale', 'other-secret', 'foreign-currency'],
};

let keys: BestpayKeys | undefined;

/** One set of keys for a test file: making RSA keys takes most of a second. */
function testBestpayKeys(): BestpayKeys {
  keys ??= generateBestpayKeys();
  return keys;
}

/** The adapter for a wallet at `url`, made of the very environment that the sandbox gives a server. */
export function bestpayAt(
  url: string,
  { clock, deadline }: AdapterTime,
  changes: Readonly<Record<string, string>> = {},
): PaymentChannel {
  const env = { ...bestpayEnv(testBestpayKeys(), url), ...changes };
  const given = Object.entries(configSchema.partial().parse(env));
  const config = testConfig(Object.fromEntries(given.filter(([name]) => name.startsWith('BESTPAY_'))));
  const channel = bestpayWallet.channelFrom(config, clock, deadline);
  if (channel === undefined) throw new Error('The sandbox gave no environment for Bestpay.');
  return channel;
}

/** The Bestpay adapter against a wallet sandbox, both on one clock, and an endpoint that keeps notifications. */
export function startBestpay(changes: Readonly<Record<string, string>> = {}): Promise<WalletHarness> {
  return startWallet({
    ...{ name: 'bestpay', keys: { bestpay: testBestpayKeys() } },
    adapter: (url, time) => bestpayAt(url, time, changes),
  });
}
