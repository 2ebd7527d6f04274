import { createCipheriv, createDecipheriv } from 'node:crypto';
import { KeyRing, type KeySource } from '../../kernel/key-ring.ts';

/** One block: the order number, and zeros that only our key gives back. */
const BLOCK = 16;
const NUMBER_BYTES = 8;
const TOKEN = /^[\w-]{22}$/;

/**
 * Addresses that open one order to their holder, and say nothing about it: to pay it (the one code for every wallet,
 * 聚合码), or to read its receipt. The token is the order's number, sealed: nothing has to be stored, and none can be
 * made up or counted on to. Each purpose has a key of its own, so that one's token opens nothing of the other's.
 */
export class SealedLinks {
  readonly #keys: KeyRing;
  readonly #purpose: string;
  readonly #base: string;

  constructor(init: {
    keys: KeySource;
    /** What the key is for; never changes, since links are kept. */
    purpose: 'bianmin pay links' | 'bianmin receipt links';
    /** The address before the token, with a slash at its end. */
    base: string;
  }) {
    this.#keys = KeyRing.of(init.keys);
    this.#purpose = init.purpose;
    this.#base = init.base;
  }

  urlOf(orderNo: string): string {
    return `${this.#base}${this.tokenOf(orderNo)}`;
  }

  /** 22 characters of `[A-Za-z0-9_-]`. */
  tokenOf(orderNo: string): string {
    const block = Buffer.alloc(BLOCK);
    block.writeBigUInt64BE(BigInt(orderNo));
    // One block under a key of its own: a keyed permutation, so equal numbers have equal tokens and that is wanted.
    const cipher = createCipheriv('aes-128-ecb', this.#keyOf(this.#keys.sealing), null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** The order's number, or undefined where the token was not given by us. */
  orderNoOf(token: string): string | undefined {
    if (!TOKEN.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // A last character has spare bits: one token, one spelling.
    if (bytes.toString('base64url') !== token) return undefined;
    // It names no version: while keys are changed it may be of any that is here.
    for (const version of this.#keys.versions) {
      const decipher = createDecipheriv('aes-128-ecb', this.#keyOf(version), null).setAutoPadding(false);
      const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
      if (!block.subarray(NUMBER_BYTES).equals(Buffer.alloc(BLOCK - NUMBER_BYTES))) continue;
      return block.readBigUInt64BE().toString().padStart(18, '0');
    }
    return undefined;
  }

  #keyOf(version: number): Buffer {
    return this.#keys.key(version, this.#purpose, 16);
  }
}
