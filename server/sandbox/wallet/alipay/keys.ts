import { generateKeyPairSync, randomInt } from 'node:crypto';
import { z } from 'zod';
import { selfSignedCertificate } from '../certificate.ts';

const pair = z.strictObject({ privateKey: z.string(), publicKey: z.string() });
const certified = z.strictObject({ privateKey: z.string(), certificate: z.string() });

export const alipayKeys = z.strictObject({
  appId: z.string(),
  /** The merchant's number as a seller, 2088…. */
  sellerId: z.string(),
  app: pair.extend({ certificate: z.string() }),
  root: certified,
  /** Alipay's key in public-key mode. */
  publicKeyMode: pair,
  /** Alipay's key in certificate mode. */
  certificateMode: certified,
});

/** Every secret of a merchant at Alipay and of Alipay itself. All PEM. Sandbox only. */
export type AlipayKeys = z.infer<typeof alipayKeys>;

/** New RSA-2048 keys for a merchant and for Alipay in both of its modes. */
export function generateAlipayKeys(): AlipayKeys {
  const app = rsa();
  return {
    appId: `2021${digits(12)}`,
    sellerId: `2088${digits(12)}`,
    app: { ...app, certificate: certificate('Merchant of the sandbox', app.privateKey) },
    root: withCertificate('Alipay sandbox root'),
    publicKeyMode: rsa(),
    certificateMode: withCertificate('Alipay sandbox'),
  };
}

/**
 * The server's environment for these keys. `baseUrl` is where the wallet listens; without it the server would
 * talk to the real Alipay. Requests are in certificate mode, which believes both modes' answers.
 */
export function alipayEnv(keys: AlipayKeys, baseUrl?: string): Record<string, string> {
  const base = baseUrl?.replace(/\/$/u, '');
  return {
    ...(base === undefined
      ? {}
      : {
          ALIPAY_GATEWAY: `${base}/gateway.do`,
          ALIPAY_CONSENT_URL: `${base}/oauth2/publicAppAuthorize.htm`,
        }),
    ALIPAY_APP_ID: keys.appId,
    ALIPAY_SELLER_ID: keys.sellerId,
    ALIPAY_PRIVATE_KEY: keys.app.privateKey,
    ALIPAY_PUBLIC_KEY: keys.publicKeyMode.publicKey,
    ALIPAY_APP_CERT: keys.app.certificate,
    ALIPAY_ROOT_CERT: keys.root.certificate,
    ALIPAY_CERT: keys.certificateMode.certificate,
    ALIPAY_PRODUCTS: 'code,in-wallet,browser',
  };
}

function withCertificate(commonName: string): z.infer<typeof certified> {
  const { privateKey } = rsa();
  return { privateKey, certificate: certificate(commonName, privateKey) };
}

function certificate(commonName: string, privateKey: string): string {
  return selfSignedCertificate({
    serial: `${randomInt(0x10, 0x80).toString(16)}${digits(30)}`,
    commonName,
    privateKey,
    from: new Date('2020-01-01T00:00:00Z'),
    until: new Date('2049-12-31T00:00:00Z'),
  });
}

function rsa(): z.infer<typeof pair> {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
