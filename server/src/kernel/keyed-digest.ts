import { createHmac, timingSafeEqual } from 'node:crypto';
import { KeyRing, named, versionOf, type KeySource } from './key-ring.ts';

/** Digests (HMAC-SHA-256) that nobody without the key can make or try out, for one purpose; each names its key's version. */
export class KeyedDigest {
  readonly #keys: KeyRing;
  readonly #purpose: string;
  readonly #encoding: 'hex' | 'base64url';
  readonly #length: number | undefined;

  /** `length`: characters that are kept of each; default: all. */
  constructor(keys: KeySource, purpose: string, form: { encoding: 'hex' | 'base64url'; length?: number }) {
    this.#keys = KeyRing.of(keys);
    this.#purpose = purpose;
    this.#encoding = form.encoding;
    this.#length = form.length;
  }

  of(text: string): string {
    return this.#under(this.#keys.sealing, text);
  }

  /** Every form in which it may be stored, the one of `of` first. */
  spellings(text: string): string[] {
    const others = this.#keys.versions.filter((version) => version !== this.#keys.sealing);
    return [this.#keys.sealing, ...others].map((version) => this.#under(version, text));
  }

  /** Whether the digest is this text's. False under a version that is not here any more. */
  fits(text: string, digest: string): boolean {
    const { version } = versionOf(digest);
    if (!this.#keys.has(version)) return false;
    const [wanted, given] = [Buffer.from(this.#under(version, text)), Buffer.from(digest)];
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }

  isCurrent(digest: string): boolean {
    return versionOf(digest).version === this.#keys.sealing;
  }

  #under(version: number, text: string): string {
    const key = this.#keys.key(version, this.#purpose);
    const digest = createHmac('sha256', key).update(text).digest(this.#encoding);
    return named(version, this.#length === undefined ? digest : digest.slice(0, this.#length));
  }
}
