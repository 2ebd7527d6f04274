import { alipayEnv, generateAlipayKeys } from '../../sandbox/wallet/alipay/keys.ts';
import type { AlipayKeys } from '../../sandbox/wallet/alipay/keys.ts';
import { createAlipayChannel } from '../gateways/payment/alipay/channel.ts';
import type { AlipayChannelConfig } from '../gateways/payment/alipay/channel.ts';
import { PAYMENT_PRODUCTS } from '../gateways/payment/contract.ts';
import type { PaymentChannel } from '../gateways/payment/contract.ts';
import { TYPICAL } from './payment-harness.ts';
import type { ChannelNature } from './payment-harness.ts';
import { startWallet } from './wallet-harness.ts';
import type { AdapterTime, WalletHarness } from './wallet-harness.ts';

/** A trade begins at the scan and is paid once; a refund is done when it is answered; nothing is dated or sealed. */
export const ALIPAY_NATURE: ChannelNature = {
  ...TYPICAL,
  knownBeforeScan: false,
  takesTwice: false,
  refunds: 'at-once',
  refundOutcomes: ['done'],
  signature: 'undated-body',
  noPlaceFor: ['old-clock', 'probe', 'stale', 'other-secret', 'foreign-currency'],
};

let keys: AlipayKeys | undefined;

/** One set of keys for a test file: making RSA keys takes most of a second. */
export function testAlipayKeys(): AlipayKeys {
  keys ??= generateAlipayKeys();
  return keys;
}

/** The adapter for a wallet at `url`; both modes of keys are believed, and requests are in certificate mode. */
export function alipayAt(
  url: string,
  { clock, deadline }: AdapterTime,
  changes: Partial<AlipayChannelConfig> = {},
): PaymentChannel {
  const made = testAlipayKeys();
  const env = alipayEnv(made, url);
  return createAlipayChannel({
    gateway: env['ALIPAY_GATEWAY'] ?? '',
    consentUrl: env['ALIPAY_CONSENT_URL'] ?? '',
    appId: made.appId,
    sellerId: made.sellerId,
    privateKey: made.app.privateKey,
    publicKey: made.publicKeyMode.publicKey,
    certificates: {
      app: made.app.certificate,
      root: made.root.certificate,
      alipay: made.certificateMode.certificate,
    },
    products: PAYMENT_PRODUCTS,
    clock,
    deadline,
    ...changes,
  });
}

/** The Alipay adapter against a wallet sandbox, both on one clock, and an endpoint that keeps notifications. */
export function startAlipay(): Promise<WalletHarness> {
  return startWallet({ name: 'alipay', keys: { alipay: testAlipayKeys() }, adapter: alipayAt });
}
