import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/** One block: the order number, and zeros that only our key gives back. */
const BLOCK = 16;
const NUMBER_BYTES = 8;
const TOKEN = /^[\w-]{22}$/;

/**
 * One code for every wallet (聚合码): the address of an order's page to pay on. The token is the order's number, sealed:
 * nothing has to be stored, nobody can make one up or count on to the next, and it says nothing about anybody. It ends
 * with its order.
 */
export class PayLinks {
  readonly #key: Buffer;
  readonly #publicUrl: string;

  constructor(init: {
    secret: Buffer;
    /** No trailing slash. */
    publicUrl: string;
  }) {
    this.#key = Buffer.from(hkdfSync('sha256', init.secret, '', 'bianmin pay links', 16));
    this.#publicUrl = init.publicUrl;
  }

  urlOf(orderNo: string): string {
    return `${this.#publicUrl}/p/${this.tokenOf(orderNo)}`;
  }

  /** 22 characters of `[A-Za-z0-9_-]`. */
  tokenOf(orderNo: string): string {
    const block = Buffer.alloc(BLOCK);
    block.writeBigUInt64BE(BigInt(orderNo));
    // One block under a key of its own: a keyed permutation, so equal numbers have equal tokens and that is wanted.
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** The order's number, or undefined where the token was not given by us. */
  orderNoOf(token: string): string | undefined {
    if (!TOKEN.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // A last character has spare bits: one token, one spelling.
    if (bytes.toString('base64url') !== token) return undefined;
    const decipher = createDecipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
    if (!block.subarray(NUMBER_BYTES).equals(Buffer.alloc(BLOCK - NUMBER_BYTES))) return undefined;
    return block.readBigUInt64BE().toString().padStart(18, '0');
  }
}
