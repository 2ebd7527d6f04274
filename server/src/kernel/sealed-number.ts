import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { KeyRing, named, versionOf, type KeySource } from './key-ring.ts';

/**
 * Seals customer numbers and the like for the database. Deterministic, so that equal numbers can be searched for and only
 * with the key: the IV is a MAC of the number and is checked on opening (the construction of RFC 5297, with
 * HMAC-SHA-256 in place of CMAC).
 */
export class NumberSeal {
  readonly #keys: KeyRing;
  readonly #purpose: string;

  constructor(keys: KeySource, purpose = 'bianmin customer numbers') {
    this.#keys = KeyRing.of(keys);
    this.#purpose = purpose;
  }

  seal(clear: string): string {
    return this.#sealUnder(this.#keys.sealing, clear);
  }

  /** Every form in which it may be stored, the one of `seal` first: what is searched for while a key is being changed. */
  spellings(clear: string): string[] {
    const others = this.#keys.versions.filter((version) => version !== this.#keys.sealing);
    return [this.#keys.sealing, ...others].map((version) => this.#sealUnder(version, clear));
  }

  /** For another purpose, under the same keys. */
  beside(purpose: string): NumberSeal {
    return new NumberSeal(this.#keys, purpose);
  }

  /** Whether what earlier servers kept in clear is sealed, too. */
  get sealsAll(): boolean {
    return this.#keys.sealsAll;
  }

  /** Throws `keys.missing`, and where it was sealed under another key. */
  open(sealed: string): string {
    const { version, bare } = versionOf(sealed);
    const [macKey, key] = this.#keysOf(version);
    const bytes = Buffer.from(bare, 'base64url');
    const iv = bytes.subarray(0, 16);
    const decipher = createDecipheriv('aes-256-ctr', key, iv);
    const clear = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
    if (!timingSafeEqual(iv, mac(macKey, clear))) {
      throw new Error('A sealed number cannot be opened. Set the key that it was stored under.');
    }
    return clear;
  }

  /** Whether it is under the version that new ones are. */
  isCurrent(sealed: string): boolean {
    return versionOf(sealed).version === this.#keys.sealing;
  }

  #sealUnder(version: number, clear: string): string {
    const [macKey, key] = this.#keysOf(version);
    const iv = mac(macKey, clear);
    const cipher = createCipheriv('aes-256-ctr', key, iv);
    const bytes = Buffer.concat([iv, cipher.update(clear, 'utf8'), cipher.final()]);
    return named(version, bytes.toString('base64url'));
  }

  #keysOf(version: number): [macKey: Buffer, key: Buffer] {
    const both = this.#keys.key(version, this.#purpose, 64);
    return [both.subarray(0, 32), both.subarray(32)];
  }
}

function mac(key: Buffer, clear: string): Buffer {
  return createHmac('sha256', key).update(clear).digest().subarray(0, 16);
}
