import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { canonical } from '../canonical.ts';
import type { Settings } from '../faults-request.ts';
import type { BestpayKeys } from './keys.ts';

// Written anew and not with the server's code, so that a mistake there shows here.

export type Fields = Readonly<Record<string, unknown>>;

/** Sorted `name=value`, nested values as JSON with sorted names, null as a word. Reports: `AssembleUtil`. */
function textOf(fields: Fields): string {
  const names = Object.keys(fields).filter((name) => name !== 'sign');
  const value = (name: string): string => {
    const part = fields[name];
    return typeof part === 'string' ? part : canonical(part);
  };
  return names
    .toSorted()
    .map((name) => `${name}=${value(name)}`)
    .join('&');
}

/** Merchants sign with SHA-256. */
export function isMerchants(fields: Fields, publicKey: string, signature: string): boolean {
  return createVerify('RSA-SHA256').update(textOf(fields)).verify(publicKey, signature, 'base64');
}

/**
 * With its signature. Reports show both algorithms in what Bestpay signs: the first key goes with SHA-1, the one
 * after a change with SHA-256.
 */
export function withSign(
  fields: Fields,
  keys: BestpayKeys,
  signWith: Settings['signWith'],
  fault?: string,
): Fields {
  if (fault === 'unsigned') return fields;
  const next = signWith === 'certificateMode';
  const key = fault === 'unknown-serial' ? stranger() : (next ? keys.nextPlatform : keys.platform).privateKey;
  const signature = createSign(next ? 'RSA-SHA256' : 'RSA-SHA1')
    .update(textOf(fields))
    .sign(key);
  if (fault === 'bad-signature') signature.writeUInt8(signature.readUInt8(0) ^ 1, 0);
  return { ...fields, sign: signature.toString('base64') };
}

/** A key that the merchant was never given. */
function stranger(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}
