import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { z } from 'zod';
import { digits } from '../canonical.ts';
import { selfSignedCertificate } from '../certificate.ts';
import { PATHS } from './constants.ts';
import { FINAL } from './refusal.ts';

const certified = z.strictObject({ privateKey: z.string(), certificate: z.string() });

export const bestpayKeys = z.strictObject({
  merchantNo: z.string(),
  institutionCode: z.string(),
  merchant: z.strictObject({
    publicKey: z.string(),
    /** The private key as merchants get it: a PKCS#12 file, base64, and its password. */
    pkcs12: z.string(),
    password: z.string(),
  }),
  platform: certified,
  /** The key after a change. */
  nextPlatform: certified,
});

/** Every secret of a merchant at Bestpay and of Bestpay itself. PEM where nothing else is said. Sandbox only. */
export type BestpayKeys = z.infer<typeof bestpayKeys>;

/** New RSA-2048 keys for a merchant and for Bestpay. */
export function generateBestpayKeys(): BestpayKeys {
  const merchant = rsa('Merchant of the sandbox');
  const password = randomBytes(12).toString('base64url');
  return {
    merchantNo: `3178${digits(12)}`,
    institutionCode: `3178${digits(12)}`,
    merchant: { publicKey: merchant.publicKey, pkcs12: pkcs12(merchant, password), password },
    platform: certifiedOf(rsa('Bestpay sandbox')),
    nextPlatform: certifiedOf(rsa('Bestpay sandbox, next')),
  };
}

/**
 * What a server has to be told of this gateway beyond the defaults: its error codes, and that it has a call for
 * bills. With a real merchant's account, the same variable says what was found there.
 */
export const SANDBOX_PROFILE = {
  paths: { bill: PATHS.bill },
  codes: {
    busy: ['TOO_OFTEN'],
    poor: ['POOR'],
    notFound: ['NOT_FOUND'],
    noRefund: ['NO_REFUND'],
    billNotReady: ['BILL_LATER'],
    refused: FINAL,
  },
};

/** The server's environment for these keys. `baseUrl` is where the wallet listens; without it, the real Bestpay. */
export function bestpayEnv(keys: BestpayKeys, baseUrl?: string): Record<string, string> {
  return {
    ...(baseUrl === undefined ? {} : { BESTPAY_GATEWAY: `${baseUrl.replace(/\/$/u, '')}/mapi` }),
    BESTPAY_MERCHANT_NO: keys.merchantNo,
    BESTPAY_INSTITUTION_CODE: keys.institutionCode,
    BESTPAY_PKCS12: keys.merchant.pkcs12,
    BESTPAY_PKCS12_PASSWORD: keys.merchant.password,
    BESTPAY_PUBLIC_KEY: `${keys.platform.certificate}${keys.nextPlatform.certificate}`,
    BESTPAY_PRODUCTS: 'code,browser',
    BESTPAY_PROFILE: JSON.stringify(SANDBOX_PROFILE),
  };
}

interface Pair extends z.infer<typeof certified> {
  readonly publicKey: string;
}

function rsa(commonName: string): Pair {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = selfSignedCertificate({
    serial: `10${randomBytes(8).toString('hex')}`,
    commonName,
    privateKey: pair.privateKey,
    from: new Date('2020-01-01T00:00:00Z'),
    until: new Date('2049-12-31T00:00:00Z'),
  });
  return { ...pair, certificate };
}

function certifiedOf({ privateKey, certificate }: Pair): z.infer<typeof certified> {
  return { privateKey, certificate };
}

function pkcs12({ privateKey, certificate }: Pair, password: string): string {
  const file = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(privateKey),
    forge.pki.certificateFromPem(certificate),
    password,
    { friendlyName: 'conname' },
  );
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary').toString('base64');
}
