import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/**
 * Seals customer numbers for the database. Deterministic, so that equal numbers can be searched for and only
 * with the key: the IV is a MAC of the number and is checked on opening (the construction of RFC 5297, with
 * HMAC-SHA-256 in place of CMAC).
 */
export class NumberSeal {
  readonly #macKey: Buffer;
  readonly #key: Buffer;

  constructor(secret: Buffer) {
    const derived = Buffer.from(hkdfSync('sha256', secret, '', 'bianmin customer numbers', 64));
    this.#macKey = derived.subarray(0, 32);
    this.#key = derived.subarray(32);
  }

  seal(clear: string): string {
    const iv = this.#mac(clear);
    const cipher = createCipheriv('aes-256-ctr', this.#key, iv);
    return Buffer.concat([iv, cipher.update(clear, 'utf8'), cipher.final()]).toString('base64url');
  }

  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const iv = bytes.subarray(0, 16);
    const decipher = createDecipheriv('aes-256-ctr', this.#key, iv);
    const clear = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
    if (!timingSafeEqual(iv, this.#mac(clear))) {
      throw new Error('A sealed number cannot be opened. Set the key that it was stored under.');
    }
    return clear;
  }

  #mac(clear: string): Buffer {
    return createHmac('sha256', this.#macKey).update(clear).digest().subarray(0, 16);
  }
}
