import { createPublicKey, type KeyObject } from 'node:crypto';
import { isSignedBy, jsonIn, partOf, signatureOf } from './es256.ts';

/** The public half of the release key, SubjectPublicKeyInfo in base64. Throws `TypeError` for anything but EC P-256. */
export function releaseKeyOf(base64: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch {
    // Said below.
  }
  if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw new TypeError('A release key is the public half of an EC P-256 key, SubjectPublicKeyInfo in base64.');
}

/**
 * Text as a compact JWS (RFC 7515, ES256), with one spelling: header and encoding are always the same. `typ` is in the
 * signature, so that no signature for something else passes for one of this.
 */
export function signText(
  text: string,
  { typ, key }: { readonly typ: string; readonly key: KeyObject },
): string {
  const signed = `${headerOf(typ)}.${partOf(text)}`;
  return `${signed}.${signatureOf(signed, key)}`;
}

/** What JSON was signed as `typ`; undefined where this key has not signed it, or it is no JSON. */
export function openJson(
  jws: string,
  { typ, key }: { readonly typ: string; readonly key: KeyObject },
): unknown {
  const [header, payload, signature, ...more] = jws.split('.');
  if (header !== headerOf(typ) || payload === undefined || signature === undefined || more.length > 0) {
    return undefined;
  }
  return isSignedBy(key, `${header}.${payload}`, signature) ? jsonIn(payload) : undefined;
}

function headerOf(typ: string): string {
  return partOf(JSON.stringify({ alg: 'ES256', typ }));
}
