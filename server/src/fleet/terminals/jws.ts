import { verify, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';

/**
 * The payload of a compact JWS that a terminal's key signed (RFC 7515 §5.2, RFC 7518 §3.3, §3.4); undefined where it
 * is none of that key's, or was signed by another algorithm than the key's own. On the spot: the runtime's WebCrypto,
 * which `jose` verifies with, hands each signature to another thread and back, and that costs more than the signature.
 */
export function openJws(jws: string, key: KeyObject): Buffer | undefined {
  const [header = '', payload, signature, ...more] = jws.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  const { alg, crit, b64 } = decodeProtectedHeader(jws);
  // Nothing that must be understood is understood here.
  if (alg !== (key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256') || crit !== undefined || b64 !== undefined)
    return undefined;
  const [bytes, clear] = [fromBase64url(signature), fromBase64url(payload)];
  if (bytes === undefined || clear === undefined) return undefined;
  const signed = Buffer.from(`${header}.${payload}`, 'ascii');
  // An RSA key verifies by PKCS #1 v1.5, as RS256 says, and passes the encoding of EC signatures over.
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes) ? clear : undefined;
}

/** Node's decoder forgives what is no base64url; a signed text has one spelling only. */
function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
