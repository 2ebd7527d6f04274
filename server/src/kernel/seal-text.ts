import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  randomBytes,
} from 'node:crypto';
import type { EcPublicJwk } from '@bianmin/purchase/api/terminal';

/** The public half of a key that one terminal has. */
export type SealKey = EcPublicJwk;

const ENC = 'A256GCM';
const KEY_BITS = 256;
const IV_BYTES = 12;

/** Of the Concat KDF: the algorithm, no party's name, and how long the key is (RFC 7518 §4.6.2). */
const OTHER_INFO = Buffer.concat([withLength(ENC), withLength(''), withLength(''), uint32(KEY_BITS)]);

/**
 * Seals a text so that only the key's holder can open it: JWE compact, ECDH-ES with A256GCM (RFC 7516 §5.1, RFC 7518
 * §4.6, §5.3). On the spot: the runtime's WebCrypto, which `jose` seals with, hands each of six steps to another thread
 * and back, which costs more than twice as much (0.64 ms of CPU against 0.27).
 */
export function sealText(clear: string, key: SealKey): Promise<string> {
  return new Promise((resolve) => {
    resolve(sealed(clear, key));
  });
}

function sealed(clear: string, key: SealKey): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = diffieHellman({
    privateKey,
    publicKey: createPublicKey({ key: { ...key }, format: 'jwk' }),
  });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const header = base64url(JSON.stringify({ alg: 'ECDH-ES', enc: ENC, epk: { kty, crv, x, y } }));
  const contentKey = hash('sha256', Buffer.concat([uint32(1), secret, OTHER_INFO]), 'buffer');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(header, 'ascii'));
  const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, '', ...parts].join('.');
}

function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function withLength(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text, 'ascii')]);
}
