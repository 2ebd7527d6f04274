import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import type { ChannelKey } from '@bianmin/purchase/api/payments';
import { LIMITS } from '../../../kernel/limits.ts';
import type { Deadline } from '../../../kernel/deadline.ts';
import type { PaymentChannel } from '../contract.ts';
import { beside, fingerprintOf, keysNamed } from '../key-facts.ts';
import { hasChannel, productsSetting, type SettingsOf } from '../settings.ts';
import type { Wallet } from '../wallet.ts';
import { createBestpayChannel } from './channel.ts';
import { keyOfPem, keyOfPkcs12, keysToBelieve } from './keys.ts';
import { bestpayProfile } from './profile.ts';

export const BESTPAY_SETTINGS = {
  BESTPAY_GATEWAY: z.url().default('https://mapi.bestpay.com.cn/mapi'),
  BESTPAY_MERCHANT_NO: z
    .string()
    .regex(/^\w{1,32}$/)
    .optional(),
  BESTPAY_INSTITUTION_TYPE: z.string().min(1).default('MERCHANT'),
  /** Absent: the merchant's number. */
  BESTPAY_INSTITUTION_CODE: z.string().min(1).optional(),
  /** Our key: a PKCS#12 file in base64 with its password, or PEM. */
  BESTPAY_PKCS12: z.base64().min(1).optional(),
  BESTPAY_PKCS12_PASSWORD: z.string().optional(),
  BESTPAY_PRIVATE_KEY: z.string().min(1).optional(),
  /** Bestpay's: certificates or public keys, PEM, one after the other. */
  BESTPAY_PUBLIC_KEY: z.string().min(1).optional(),
  /** `code`, and `browser` where a phone may open the code's address. */
  BESTPAY_PRODUCTS: productsSetting(['code', 'browser']),
  /** What reports do not agree on, as this merchant found it to be; JSON. */
  BESTPAY_PROFILE: z
    .string()
    .default('{}')
    .transform((text) => bestpayProfile.parse(parseJson(text))),
};
export type BestpaySettings = SettingsOf<typeof BESTPAY_SETTINGS>;

/** Until an answer counts as none. */
const NEEDED = ['BESTPAY_MERCHANT_NO', 'BESTPAY_PUBLIC_KEY'] as const;
const KEYS = ['BESTPAY_PRIVATE_KEY', 'BESTPAY_PKCS12', 'BESTPAY_PKCS12_PASSWORD'] as const;

/** The channel as the environment configures it; undefined where it does not. `deadline` is only for tests. */
function channelFrom(
  settings: BestpaySettings,
  clock: { now(): number },
  deadline?: Deadline,
): PaymentChannel | undefined {
  if (!hasChannel(settings, NEEDED)) {
    if (KEYS.every((name) => settings[name] === undefined)) return undefined;
    throw new Error(`Configuration is not usable. Set ${NEEDED.join(', ')} too.`);
  }
  return createBestpayChannel({
    gateway: settings.BESTPAY_GATEWAY,
    merchantNo: settings.BESTPAY_MERCHANT_NO,
    institutionType: settings.BESTPAY_INSTITUTION_TYPE,
    institutionCode: settings.BESTPAY_INSTITUTION_CODE ?? settings.BESTPAY_MERCHANT_NO,
    privateKey: privateKeyFrom(settings),
    keys: keysToBelieve(settings.BESTPAY_PUBLIC_KEY),
    profile: settings.BESTPAY_PROFILE,
    products: settings.BESTPAY_PRODUCTS,
    timeoutMs: LIMITS.channel,
    deadline,
    clock,
  });
}

function privateKeyFrom(settings: BestpaySettings): KeyObject {
  const { BESTPAY_PRIVATE_KEY: pem, BESTPAY_PKCS12: file, BESTPAY_PKCS12_PASSWORD: password } = settings;
  if (pem !== undefined && file === undefined) return keyOfPem(pem);
  if (pem === undefined && file !== undefined && password !== undefined) return keyOfPkcs12(file, password);
  throw new Error(
    'Configuration is not usable. Set BESTPAY_PKCS12 with BESTPAY_PKCS12_PASSWORD, or BESTPAY_PRIVATE_KEY alone.',
  );
}

function pkcs12({ BESTPAY_PKCS12: file, BESTPAY_PKCS12_PASSWORD: password }: BestpaySettings): ChannelKey[] {
  if (file === undefined || password === undefined) return [];
  const place = { source: 'environment', name: 'BESTPAY_PKCS12', whose: 'ours' } as const;
  const of = { ...place, serial: null, notAfter: null };
  try {
    const fingerprint = fingerprintOf(createPublicKey(keyOfPkcs12(file, password)));
    return [{ ...of, kind: 'private-key', fingerprint }];
  } catch {
    return [{ ...of, kind: 'unreadable', fingerprint: null }];
  }
}

export const bestpayWallet: Wallet<BestpaySettings> = {
  channelFrom,
  keysOf: (settings) => [
    ...keysNamed(settings, 'BESTPAY_PRIVATE_KEY', { whose: 'ours' }),
    ...pkcs12(settings),
    ...keysNamed(settings, 'BESTPAY_PUBLIC_KEY', { whose: 'theirs' }),
  ],
  keyNames: { ours: 'BESTPAY_PRIVATE_KEY', theirs: 'BESTPAY_PUBLIC_KEY' },
  againstKey: () => undefined,
  withKey: (settings, { whose, pem }) =>
    whose === 'ours'
      ? { BESTPAY_PRIVATE_KEY: pem, BESTPAY_PKCS12: undefined, BESTPAY_PKCS12_PASSWORD: undefined }
      : { BESTPAY_PUBLIC_KEY: beside(settings.BESTPAY_PUBLIC_KEY, pem) },
};
