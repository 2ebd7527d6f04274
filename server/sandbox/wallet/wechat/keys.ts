import { createHash, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { digits } from '../canonical.ts';
import { selfSignedCertificate } from '../certificate.ts';

export const wechatKeys = z.strictObject({
  appid: z.string(),
  mchid: z.string(),
  merchant: z.strictObject({ serial: z.string(), privateKey: z.string(), publicKey: z.string() }),
  /** The platform's public-key mode: what a new merchant gets. */
  publicKeyMode: z.strictObject({ serial: z.string(), privateKey: z.string(), trusted: z.string() }),
  /** The platform's certificate mode: what an older merchant still has beside it. */
  certificateMode: z.strictObject({ serial: z.string(), privateKey: z.string(), trusted: z.string() }),
  apiV3Key: z.string().length(32),
});

/** Every secret of a merchant and of the platform that it talks to. All keys are PEM. Sandbox only. */
export type WechatKeys = z.infer<typeof wechatKeys>;

/** Which of the platform's keys signs: new merchants see `publicKeyMode`, old ones `certificateMode`. */
export type KeyMode = 'publicKeyMode' | 'certificateMode';

/** New RSA-2048 keys for a merchant and for the platform in both of its modes, and an APIv3 key. */
export function generateWechatKeys(): WechatKeys {
  const merchant = rsa();
  const publicKeyMode = rsa();
  const certificateMode = rsa();
  const serial = hexSerial();
  const mchid = `16${digits(8)}`;
  return {
    appid: `wx${randomBytes(8).toString('hex')}`,
    mchid,
    merchant: { serial: hexSerial(), ...merchant },
    publicKeyMode: {
      // The form that WeChat Pay gives: the prefix, 01, the merchant number, a date, digits.
      serial: `PUB_KEY_ID_01${mchid}${digits(24)}`,
      privateKey: publicKeyMode.privateKey,
      trusted: publicKeyMode.publicKey,
    },
    certificateMode: {
      serial,
      privateKey: certificateMode.privateKey,
      trusted: selfSignedCertificate({
        serial,
        commonName: 'Wallet sandbox',
        privateKey: certificateMode.privateKey,
        from: new Date('2020-01-01T00:00:00Z'),
        until: new Date('2049-12-31T00:00:00Z'),
      }),
    },
    apiV3Key: randomBytes(16).toString('hex'),
  };
}

/**
 * The server's environment for these keys. `baseUrl` is where the wallet listens; without it the variable is
 * left out, and the server would talk to the real WeChat Pay.
 */
export function wechatEnv(keys: WechatKeys, baseUrl?: string): Record<string, string> {
  return {
    ...(baseUrl === undefined ? {} : addresses(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)),
    WECHAT_APPID: keys.appid,
    WECHAT_MCHID: keys.mchid,
    WECHAT_SERIAL: keys.merchant.serial,
    WECHAT_PRIVATE_KEY: keys.merchant.privateKey,
    WECHAT_PLATFORM_KEYS: JSON.stringify({
      [keys.publicKeyMode.serial]: keys.publicKeyMode.trusted,
      [keys.certificateMode.serial]: keys.certificateMode.trusted,
    }),
    WECHAT_APIV3_KEY: keys.apiV3Key,
    WECHAT_PRODUCTS: 'code,in-wallet,browser',
    WECHAT_APP_SECRET: appSecretOf(keys),
  };
}

/** Of the official account that belongs to the merchant. */
export function appSecretOf({ apiV3Key }: WechatKeys): string {
  return createHash('sha256').update(`app secret ${apiV3Key}`).digest('hex').slice(0, 32);
}

function addresses(baseUrl: string): Record<string, string> {
  return { WECHAT_BASE_URL: baseUrl, WECHAT_CONSENT_URL: baseUrl, WECHAT_TOKEN_URL: baseUrl };
}

function rsa(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** 20 bytes whose first is between 0x10 and 0x7F: a positive DER integer of full length. */
function hexSerial(): string {
  return `${randomInt(0x10, 0x80).toString(16)}${randomBytes(19).toString('hex')}`.toUpperCase();
}
