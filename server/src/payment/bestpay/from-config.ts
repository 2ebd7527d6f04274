import type { KeyObject } from 'node:crypto';
import type { Config } from '../../config.ts';
import type { Deadline } from '../../deadline.ts';
import type { PaymentChannel } from '../contract.ts';
import { hasChannel } from '../settings.ts';
import { createBestpayChannel } from './channel.ts';
import { keyOfPem, keyOfPkcs12, keysToBelieve } from './keys.ts';

/** Until an answer counts as none. */
const TIMEOUT_MS = 10_000;
const NEEDED = ['BESTPAY_MERCHANT_NO', 'BESTPAY_PUBLIC_KEY'] as const;
const KEYS = ['BESTPAY_PRIVATE_KEY', 'BESTPAY_PKCS12', 'BESTPAY_PKCS12_PASSWORD'] as const;

/** The channel as the environment configures it; undefined where it does not. `deadline` is only for tests. */
export function bestpayChannelFrom(
  config: Config,
  clock: { now(): number },
  deadline?: Deadline,
): PaymentChannel | undefined {
  if (!hasChannel(config, NEEDED)) {
    if (KEYS.every((name) => config[name] === undefined)) return undefined;
    throw new Error(`Configuration is not usable. Set ${NEEDED.join(', ')} too.`);
  }
  return createBestpayChannel({
    gateway: config.BESTPAY_GATEWAY,
    merchantNo: config.BESTPAY_MERCHANT_NO,
    institutionType: config.BESTPAY_INSTITUTION_TYPE,
    institutionCode: config.BESTPAY_INSTITUTION_CODE ?? config.BESTPAY_MERCHANT_NO,
    privateKey: privateKeyFrom(config),
    keys: keysToBelieve(config.BESTPAY_PUBLIC_KEY),
    profile: config.BESTPAY_PROFILE,
    products: config.BESTPAY_PRODUCTS,
    timeoutMs: TIMEOUT_MS,
    deadline,
    clock,
  });
}

function privateKeyFrom(config: Config): KeyObject {
  const { BESTPAY_PRIVATE_KEY: pem, BESTPAY_PKCS12: file, BESTPAY_PKCS12_PASSWORD: password } = config;
  if (pem !== undefined && file === undefined) return keyOfPem(pem);
  if (pem === undefined && file !== undefined && password !== undefined) return keyOfPkcs12(file, password);
  throw new Error(
    'Configuration is not usable. Set BESTPAY_PKCS12 with BESTPAY_PKCS12_PASSWORD, or BESTPAY_PRIVATE_KEY alone.',
  );
}
