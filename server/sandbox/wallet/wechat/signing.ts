import { createCipheriv, createSign, createVerify, randomBytes } from 'node:crypto';
import { CLOCK_TOLERANCE_S, SCHEME } from './constants.ts';
import type { KeyMode, WechatKeys } from './keys.ts';
import { WalletRefusal } from './refusal.ts';

// Written on Node's crypto and not on the server's client library, so that a mistake there shows here.

export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as on the request line. */
  readonly target: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/**
 * Verifies a merchant's signature over `METHOD\nTARGET\nTIMESTAMP\nNONCE\nBODY\n`. Throws `SIGN_ERROR` for a
 * foreign merchant, an unknown serial, a clock more than five minutes off or a signature that does not fit.
 */
export function verifyMerchant(request: SignedRequest, keys: WechatKeys, nowMs: number): void {
  const header = request.authorization ?? '';
  if (!header.startsWith(`${SCHEME} `)) throw refused('Http头Authorization值格式错误');
  const fields = new Map<string, string>();
  for (const [, name, value] of header.slice(SCHEME.length).matchAll(/([a-z_]+)="([^"]*)"/g)) {
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const timestamp = fields.get('timestamp') ?? '';
  const nonce = fields.get('nonce_str') ?? '';
  if (fields.get('mchid') !== keys.mchid) throw refused('商户号与签名不符');
  if (fields.get('serial_no') !== keys.merchant.serial) throw refused('商户证书序列号有误');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > CLOCK_TOLERANCE_S) {
    throw refused('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
  }
  if (!/^[0-9A-Za-z]{1,32}$/.test(nonce)) throw refused('Http头Authorization中的nonce_str有误');
  const message = `${request.method}\n${request.target}\n${timestamp}\n${nonce}\n${request.body}\n`;
  const genuine = createVerify('RSA-SHA256')
    .update(message)
    .verify(keys.merchant.publicKey, fields.get('signature') ?? '', 'base64');
  if (!genuine) throw refused('签名错误，请检查后再试');
}

function refused(message: string): WalletRefusal {
  return new WalletRefusal('SIGN_ERROR', message);
}

export interface PlatformSignature {
  readonly keys: WechatKeys;
  readonly mode: KeyMode;
  readonly nowMs: number;
  readonly body: string;
}

/** The headers with which the platform signs an answer or a notification: `TIMESTAMP\nNONCE\nBODY\n`. */
export function signPlatform({ keys, mode, nowMs, body }: PlatformSignature): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = createSign('RSA-SHA256')
    .update(`${timestamp}\n${nonce}\n${body}\n`)
    .sign(keys[mode].privateKey, 'base64');
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': keys[mode].serial,
    'Wechatpay-Signature': signature,
    'Wechatpay-Signature-Type': SCHEME,
  };
}

export interface SealedResource {
  readonly original_type: string;
  readonly algorithm: 'AEAD_AES_256_GCM';
  readonly ciphertext: string;
  readonly associated_data: string;
  readonly nonce: string;
}

/** Seals a notification's content with the APIv3 key; the tag is the last 16 bytes of the ciphertext. */
export function sealResource(
  apiV3Key: string,
  type: 'transaction' | 'refund' | 'complaint',
  content: string,
): SealedResource {
  const nonce = randomBytes(9).toString('base64url');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(type));
  const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    original_type: type,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    associated_data: type,
    nonce,
  };
}
