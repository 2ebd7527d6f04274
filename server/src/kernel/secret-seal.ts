import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KeyRing, named, versionOf, type KeySource } from './key-ring.ts';

/** Seals a secret for the database (AES-256-GCM), bound to whose it is: moved to another's document it does not open. */
export class SecretSeal {
  readonly #keys: KeyRing;
  readonly #purpose: string;

  constructor(keys: KeySource, purpose: string) {
    this.#keys = KeyRing.of(keys);
    this.#purpose = purpose;
  }

  seal(clear: string, of: string): string {
    const version = this.#keys.sealing;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.key(version, this.#purpose), iv);
    cipher.setAAD(Buffer.from(of));
    const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return named(version, Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64url'));
  }

  /** Throws `keys.missing`, and where it was sealed for another or under another key. */
  open(sealed: string, of: string): string {
    const { version, bare } = versionOf(sealed);
    const bytes = Buffer.from(bare, 'base64url');
    const key = this.#keys.key(version, this.#purpose);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      .setAAD(Buffer.from(of))
      .setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  }

  /** Whether it is under the version that new ones are. */
  isCurrent(sealed: string): boolean {
    return versionOf(sealed).version === this.#keys.sealing;
  }
}
