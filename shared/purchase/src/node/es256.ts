import { sign, verify, type KeyObject } from 'node:crypto';
import { parseJson } from '@bianmin/card/json-text';

/** ES256 (RFC 7518 §3.4) over the parts of a JWS (RFC 7515), as releases and card layouts are signed. */

const FORM = 'ieee-p1363';

/** A text as a part of a JWS: base64url. */
export function partOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** The JSON in a part; undefined where it is none. */
export function jsonIn(part: string): unknown {
  try {
    return parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The signature of `HEADER.PAYLOAD`, base64url. */
export function signatureOf(signed: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(signed, 'ascii'), { key, dsaEncoding: FORM }).toString('base64url');
}

/** Whether this is a key's signature of `HEADER.PAYLOAD`; another one of the same key and text may be, too. */
export function isSignedBy(key: KeyObject, signed: string, signature: string): boolean {
  const by = { key, dsaEncoding: FORM } as const;
  return verify('sha256', Buffer.from(signed, 'ascii'), by, Buffer.from(signature, 'base64url'));
}
