import { sm2 } from 'sm-crypto-v2';

/**
 * The signer's identity that Z is computed with, GB/T 32918.5. OpenSSL signs with an empty one and will not
 * change (openssl/openssl#23162), which is why SM2 is not done by `node:crypto` here.
 */
export const SM2_USER_ID = '1234567812345678';

export interface Sm2KeyPair {
  /** 32 bytes, lower-case hex. */
  readonly privateKey: string;
  /** Uncompressed point, 65 bytes, lower-case hex, `04…`. */
  readonly publicKey: string;
}

export function generateSm2Keys(): Sm2KeyPair {
  const { privateKey, publicKey } = sm2.generateKeyPairHex();
  return { privateKey, publicKey };
}

export function sm2PublicKey(privateKey: string): string {
  return sm2.getPublicKeyFromPrivateKey(privateKey);
}

/** One of our private keys: signs, and unwraps what was wrapped to it. */
export interface Sm2Private {
  readonly publicKey: string;
  /** r and s, 64 bytes, lower-case hex. */
  sign(data: Uint8Array): string;
  /** Throws where the data was not wrapped to this key. */
  unwrap(wrapped: string): Uint8Array;
}

/** The other side's public key: verifies, and wraps to it. */
export interface Sm2Public {
  verify(data: Uint8Array, signature: string): boolean;
  /** SM2 encryption, C1C3C2, hex. */
  wrap(secret: Uint8Array): string;
}

const C1C3C2 = 1;

export function sm2Private(privateKey: string): Sm2Private {
  const publicKey = sm2PublicKey(privateKey);
  return {
    publicKey,
    sign: (data) => sm2.doSignature(data, privateKey, { hash: true, publicKey, userId: SM2_USER_ID }),
    unwrap: (wrapped) => sm2.doDecrypt(wrapped, privateKey, C1C3C2, { output: 'array' }),
  };
}

type Point = ReturnType<typeof sm2.precomputePublicKey>;

/** A process knows a handful of public keys; precomputing one takes some 35 ms. */
const KEPT_POINTS = 16;
const points = new Map<string, Point>();

/** Multiples of the point are computed once: verification is then several times as fast. */
function pointOf(publicKey: string): Point {
  const known = points.get(publicKey);
  if (known !== undefined) return known;
  const made = sm2.precomputePublicKey(publicKey);
  if (points.size >= KEPT_POINTS) points.clear();
  points.set(publicKey, made);
  return made;
}

export function sm2Public(publicKey: string): Sm2Public {
  const point = pointOf(publicKey);
  return {
    verify(data, signature) {
      if (!/^[0-9a-f]{128}$/.test(signature)) return false;
      try {
        return sm2.doVerifySignature(data, signature, point, { hash: true, userId: SM2_USER_ID });
      } catch {
        return false; // r or s outside the group's order
      }
    },
    wrap: (secret) => sm2.doEncrypt(secret, point, C1C3C2),
  };
}
