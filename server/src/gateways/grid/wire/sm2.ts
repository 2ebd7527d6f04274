import { sm2 } from 'sm-crypto-v2';
import { sm3 } from './sm.ts';

/**
 * The signer's identity that Z is computed with, GB/T 32918.5. OpenSSL signs with an empty one and will not
 * change (openssl/openssl#23162), which is why SM2 is not done by `node:crypto` here.
 */
const SM2_USER_ID = '1234567812345678';

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

/** a, b, G of the recommended curve, GB/T 32918.5 §2. */
const CURVE =
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
  '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0';

/** What is signed in place of a message: SM3(Z ‖ M), Z by GB/T 32918.2 §5.5; by OpenSSL, as the library's is slow. */
function digester(publicKey: string): (data: Uint8Array) => Uint8Array {
  const id = Buffer.from(SM2_USER_ID, 'utf8');
  const bits = Uint8Array.of(id.length >> 5, (id.length << 3) & 0xff);
  const z = sm3(Buffer.concat([bits, id, Buffer.from(CURVE + publicKey.slice(2), 'hex')]));
  return (data) => sm3(Buffer.concat([z, data]));
}

export function sm2Private(privateKey: string): Sm2Private {
  const publicKey = sm2PublicKey(privateKey);
  const digest = digester(publicKey);
  return {
    publicKey,
    sign: (data) => sm2.doSignature(digest(data), privateKey, { hash: false }),
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
  const digest = digester(publicKey);
  return {
    verify(data, signature) {
      if (!/^[0-9a-f]{128}$/.test(signature)) return false;
      try {
        return sm2.doVerifySignature(digest(data), signature, point, { hash: false });
      } catch {
        return false; // r or s outside the group's order
      }
    },
    wrap: (secret) => sm2.doEncrypt(secret, point, C1C3C2),
  };
}

/** While the other side changes its key: whatever either key signed is good; wrapped is to the first. */
export function sm2PublicOf(keys: readonly [string, ...string[]]): Sm2Public {
  const [first, ...others] = keys.map(sm2Public) as [Sm2Public, ...Sm2Public[]];
  if (others.length === 0) return first;
  return {
    verify: (data, signature) => [first, ...others].some((key) => key.verify(data, signature)),
    wrap: (secret) => first.wrap(secret),
  };
}

/** While our own changes: signed is with the first, and what was wrapped to any is unwrapped. */
export function sm2PrivateOf(keys: readonly [string, ...string[]]): Sm2Private {
  const all = keys.map(sm2Private) as [Sm2Private, ...Sm2Private[]];
  const [first] = all;
  return {
    publicKey: first.publicKey,
    sign: (data) => first.sign(data),
    unwrap(wrapped) {
      for (const key of all.slice(0, -1)) {
        const secret = attempt(key, wrapped);
        if (secret.length > 0) return secret;
      }
      return (all.at(-1) ?? first).unwrap(wrapped);
    },
  };
}

/** Nothing where it was wrapped to another key: the library throws or gives an empty array. */
function attempt(key: Sm2Private, wrapped: string): Uint8Array {
  try {
    return key.unwrap(wrapped);
  } catch {
    return new Uint8Array(0);
  }
}
