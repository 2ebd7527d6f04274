import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { releaseManifest, type ReleaseManifest } from '../api/release.ts';

/** In the signature, so that no signature for something else passes for one of a release. */
const HEADER = { alg: 'ES256', typ: 'bianmin-release+jws' } as const;
const ENCODED_HEADER = encode(JSON.stringify(HEADER));

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

/** A manifest as a compact JWS (RFC 7515, ES256), with one spelling: header and encoding are always the same. */
export function signRelease(manifest: ReleaseManifest, privateKey: KeyObject): string {
  const signed = `${ENCODED_HEADER}.${encode(JSON.stringify(releaseManifest.parse(manifest)))}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed, 'ascii'), key).toString('base64url')}`;
}

/** The manifest that was signed; undefined where it was not signed by this key, or is none. */
export function openRelease(jws: string, publicKey: KeyObject): ReleaseManifest | undefined {
  const [header, payload, signature, ...more] = jws.split('.');
  if (header !== ENCODED_HEADER || payload === undefined || signature === undefined || more.length > 0) {
    return undefined;
  }
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const signed = Buffer.from(`${header}.${payload}`, 'ascii');
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return undefined;
  try {
    return releaseManifest.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    // Signed, and of a format that is not known here.
    return undefined;
  }
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
