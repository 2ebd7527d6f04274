import { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { sm3 } from './sm.ts';
import { derOf, signatureOf } from './sm2-der.ts';

/** The signer's identity that Z is computed with, GB/T 32918.5. */
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

/**
 * Z by GB/T 32918.2 §5.5. OpenSSL signs with an empty identity and will not change (openssl/openssl#23162), but what it
 * signs with "sm3" is SM3 of what it is given: Z and the message are then the standard's own.
 */
function zOf(publicKey: string): Uint8Array {
  const id = Buffer.from(SM2_USER_ID, 'utf8');
  const bits = Uint8Array.of(id.length >> 5, (id.length << 3) & 0xff);
  return sm3(Buffer.concat([bits, id, Buffer.from(CURVE + publicKey.slice(2), 'hex')]));
}

/** What stands before and between the bytes of a key, so that OpenSSL knows it as one of this curve (1.2.156.10197.1.301). */
const CURVE_OID = '06082a811ccf5501822d';
const PUBLIC_KEY = `3059301306072a8648ce3d0201${CURVE_OID}034200`;
const PRIVATE_KEY = { number: '30770201010420', curve: `a00a${CURVE_OID}`, point: 'a144034200' };

export function sm2Private(privateKey: string): Sm2Private {
  const publicKey = sm2PublicKey(privateKey);
  const { number, curve, point } = PRIVATE_KEY;
  const sec1 = Buffer.from(`${number}${privateKey}${curve}${point}${publicKey}`, 'hex');
  const key = createPrivateKey({ key: sec1, format: 'der', type: 'sec1' });
  const z = zOf(publicKey);
  return {
    publicKey,
    sign: (data) =>
      Buffer.from(signatureOf(createSign('sm3').update(z).update(data).sign(key))).toString('hex'),
    unwrap: (wrapped) => sm2.doDecrypt(wrapped, privateKey, C1C3C2, { output: 'array' }),
  };
}

type Point = ReturnType<typeof sm2.precomputePublicKey>;

/** A process knows a handful of public keys; precomputing one takes some 35 ms. */
const KEPT_POINTS = 16;
const points = new Map<string, Point>();

/** Multiples of the point are computed once: what is wrapped to it is then several times as fast. */
function pointOf(publicKey: string): Point {
  const known = points.get(publicKey);
  if (known !== undefined) return known;
  const made = sm2.precomputePublicKey(publicKey);
  if (points.size >= KEPT_POINTS) points.clear();
  points.set(publicKey, made);
  return made;
}

export function sm2Public(publicKey: string): Sm2Public {
  const spki = Buffer.from(PUBLIC_KEY + publicKey, 'hex');
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const z = zOf(publicKey);
  return {
    verify(data, signature) {
      if (!/^[0-9a-f]{128}$/.test(signature)) return false;
      return createVerify('sm3')
        .update(z)
        .update(data)
        .verify(key, derOf(Buffer.from(signature, 'hex')));
    },
    wrap: (secret) => sm2.doEncrypt(secret, pointOf(publicKey), C1C3C2),
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
