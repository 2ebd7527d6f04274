import type { Config } from '../../config.ts';
import type { PaymentChannel } from '../contract.ts';
import { hasChannel } from '../settings.ts';
import { createAlipayChannel } from './channel.ts';

const NEEDED = ['ALIPAY_APP_ID', 'ALIPAY_SELLER_ID', 'ALIPAY_PRIVATE_KEY'] as const;
const CERTIFICATES = ['ALIPAY_APP_CERT', 'ALIPAY_ROOT_CERT', 'ALIPAY_CERT'] as const;

/** The channel as the environment configures it; undefined where it does not. */
export function alipayChannelFrom(config: Config, clock: { now(): number }): PaymentChannel | undefined {
  const keys = [...CERTIFICATES, 'ALIPAY_PUBLIC_KEY'] as const;
  if (!hasChannel(config, NEEDED)) {
    if (keys.every((name) => config[name] === undefined)) return undefined;
    throw new Error(`Configuration is not usable. Set ${NEEDED.join(', ')} too.`);
  }
  const certificates = hasChannel(config, CERTIFICATES)
    ? { app: config.ALIPAY_APP_CERT, root: config.ALIPAY_ROOT_CERT, alipay: config.ALIPAY_CERT }
    : undefined;
  const publicKey = config.ALIPAY_PUBLIC_KEY;
  if (publicKey === undefined && certificates === undefined) {
    throw new Error(
      `Configuration is not usable. Set ALIPAY_PUBLIC_KEY, or ${CERTIFICATES.join(', ')}, so that Alipay can be believed.`,
    );
  }
  return createAlipayChannel({
    gateway: config.ALIPAY_GATEWAY,
    consentUrl: config.ALIPAY_CONSENT_URL,
    appId: config.ALIPAY_APP_ID,
    sellerId: config.ALIPAY_SELLER_ID,
    privateKey: config.ALIPAY_PRIVATE_KEY,
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(certificates === undefined ? {} : { certificates }),
    products: config.ALIPAY_PRODUCTS,
    clock,
  });
}
