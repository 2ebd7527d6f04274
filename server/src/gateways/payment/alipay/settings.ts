import { z } from 'zod';
import type { PaymentChannel } from '../contract.ts';
import { beside, keysNamed } from '../key-facts.ts';
import { hasChannel, productsSetting, type SettingsOf } from '../settings.ts';
import type { Wallet } from '../wallet.ts';
import { createAlipayChannel } from './channel.ts';

export const ALIPAY_SETTINGS = {
  ALIPAY_GATEWAY: z.url().default('https://openapi.alipay.com/gateway.do'),
  ALIPAY_CONSENT_URL: z.url().default('https://openauth.alipay.com/oauth2/publicAppAuthorize.htm'),
  ALIPAY_APP_ID: z.string().min(1).optional(),
  /** Our number as a seller. */
  ALIPAY_SELLER_ID: z
    .string()
    .regex(/^2088\d{12}$/)
    .optional(),
  /** PEM or bare base64. */
  ALIPAY_PRIVATE_KEY: z.string().min(1).optional(),
  /** Alipay's key in public-key mode: PEM or bare base64. */
  ALIPAY_PUBLIC_KEY: z.string().min(1).optional(),
  /** Certificate mode, PEM: ours, Alipay's root, and Alipay's own, of which there may be several. */
  ALIPAY_APP_CERT: z.string().min(1).optional(),
  ALIPAY_ROOT_CERT: z.string().min(1).optional(),
  ALIPAY_CERT: z.string().min(1).optional(),
  /** What our contract with Alipay allows: `code`, `in-wallet`, `browser`, with commas. */
  ALIPAY_PRODUCTS: productsSetting(),
};
export type AlipaySettings = SettingsOf<typeof ALIPAY_SETTINGS>;

const NEEDED = ['ALIPAY_APP_ID', 'ALIPAY_SELLER_ID', 'ALIPAY_PRIVATE_KEY'] as const;
const CERTIFICATES = ['ALIPAY_APP_CERT', 'ALIPAY_ROOT_CERT', 'ALIPAY_CERT'] as const;

/** The channel as the environment configures it; undefined where it does not. */
function channelFrom(settings: AlipaySettings, clock: { now(): number }): PaymentChannel | undefined {
  const keys = [...CERTIFICATES, 'ALIPAY_PUBLIC_KEY'] as const;
  if (!hasChannel(settings, NEEDED)) {
    if (keys.every((name) => settings[name] === undefined)) return undefined;
    throw new Error(`Configuration is not usable. Set ${NEEDED.join(', ')} too.`);
  }
  const certificates = hasChannel(settings, CERTIFICATES)
    ? { app: settings.ALIPAY_APP_CERT, root: settings.ALIPAY_ROOT_CERT, alipay: settings.ALIPAY_CERT }
    : undefined;
  const publicKey = settings.ALIPAY_PUBLIC_KEY;
  if (publicKey === undefined && certificates === undefined) {
    throw new Error(
      `Configuration is not usable. Set ALIPAY_PUBLIC_KEY, or ${CERTIFICATES.join(', ')}, so that Alipay’s answers can be verified.`,
    );
  }
  return createAlipayChannel({
    gateway: settings.ALIPAY_GATEWAY,
    consentUrl: settings.ALIPAY_CONSENT_URL,
    appId: settings.ALIPAY_APP_ID,
    sellerId: settings.ALIPAY_SELLER_ID,
    privateKey: settings.ALIPAY_PRIVATE_KEY,
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(certificates === undefined ? {} : { certificates }),
    products: settings.ALIPAY_PRODUCTS,
    clock,
  });
}

export const alipayWallet: Wallet<AlipaySettings> = {
  channelFrom,
  keysOf: (settings) => [
    ...keysNamed(settings, 'ALIPAY_PRIVATE_KEY', { whose: 'ours' }),
    ...keysNamed(settings, 'ALIPAY_APP_CERT', { whose: 'ours' }),
    ...keysNamed(settings, 'ALIPAY_PUBLIC_KEY', { whose: 'theirs' }),
    ...keysNamed(settings, 'ALIPAY_CERT', { whose: 'theirs' }),
    ...keysNamed(settings, 'ALIPAY_ROOT_CERT', { whose: 'theirs' }),
  ],
  keyNames: { ours: 'ALIPAY_PRIVATE_KEY', theirs: 'ALIPAY_CERT, ALIPAY_PUBLIC_KEY' },
  againstKey: ({ ALIPAY_APP_CERT: mode }, { whose, certificate }) =>
    whose === 'ours' && mode !== undefined && certificate === undefined
      ? "In Alipay's certificate mode our key comes with its certificate."
      : undefined,
  withKey: (settings, { whose, pem, certificate }) => {
    if (whose === 'ours') {
      return {
        ALIPAY_PRIVATE_KEY: pem,
        ...(certificate === undefined ? {} : { ALIPAY_APP_CERT: certificate }),
      };
    }
    const name = pem.includes('CERTIFICATE') ? 'ALIPAY_CERT' : 'ALIPAY_PUBLIC_KEY';
    return { [name]: beside(settings[name], pem) };
  },
};
