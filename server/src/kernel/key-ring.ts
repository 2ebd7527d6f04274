import { hkdfSync } from 'node:crypto';
import { CodedError } from '@bianmin/card/errors';

/** What names a version stands before what was made under it. Of version 1 nothing does: so all was made before there were versions. */
const NAMED = /^([2-9]|[1-9]\d{1,3})\.(.+)$/su;

/** A value is under a version that this process was not given. */
class KeyMissingError extends CodedError<'keys.missing'> {}

/** Either is taken by whatever seals: bytes are version 1 of a ring that has no other. */
export type KeySource = KeyRing | Uint8Array;

/**
 * Versions of one secret, side by side while it is being changed. Each purpose has a key of its own under each version (HKDF), so
 * that what is made for one is nothing to another. New values are made under one version, `sealing`; all are read.
 */
export class KeyRing {
  /** From the oldest on. */
  readonly versions: readonly number[];
  readonly #secrets: ReadonlyMap<number, Uint8Array>;
  readonly #derived = new Map<string, Buffer>();
  #sealing: number;
  /** Whether what earlier servers kept in clear is sealed, too: not while one of them may still read it. */
  sealsAll = true;

  /** At least one version. It seals under the oldest, which every process has, until it is told another. */
  constructor(secrets: ReadonlyMap<number, Uint8Array>) {
    this.#secrets = secrets;
    this.versions = [...secrets.keys()].sort((a, b) => a - b);
    const [oldest] = this.versions;
    if (oldest === undefined) throw new Error('A key ring has at least one version.');
    this.#sealing = oldest;
  }

  static of(source: KeySource): KeyRing {
    return source instanceof KeyRing ? source : new KeyRing(new Map([[1, source]]));
  }

  /** The version under which new values are made. */
  get sealing(): number {
    return this.#sealing;
  }

  /** From now on; throws where the ring lacks it. */
  sealWith(version: number): void {
    this.secret(version);
    this.#sealing = version;
  }

  /** The one that new values are made under, and then the others from the newest on. */
  get readingOrder(): readonly number[] {
    return [this.#sealing, ...this.versions.toReversed().filter((version) => version !== this.#sealing)];
  }

  has(version: number): boolean {
    return this.#secrets.has(version);
  }

  /** One purpose's key under a version. Throws `keys.missing`. */
  key(version: number, purpose: string, bytes = 32): Buffer {
    const name = `${version} ${bytes} ${purpose}`;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const made = this.saltedKey(version, { purpose, salt: '', bytes });
    this.#derived.set(name, made);
    return made;
  }

  /** The same for one use of that purpose, which has random bytes of its own. */
  saltedKey(version: number, of: { purpose: string; salt: string; bytes: number }): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret(version), of.salt, of.purpose, of.bytes));
  }

  /** A ring of one version of this one. */
  only(version: number): KeyRing {
    return new KeyRing(new Map([[version, this.secret(version)]]));
  }

  /** The secrets as they are configured, hex: for what must never say them. */
  secretTexts(): string[] {
    return [...this.#secrets.values()].map((secret) => Buffer.from(secret).toString('hex'));
  }

  /** A version itself, for what knew no purposes when it began. Throws `keys.missing`. */
  secret(version: number): Uint8Array {
    const secret = this.#secrets.get(version);
    if (secret !== undefined) return secret;
    throw new KeyMissingError({
      code: 'keys.missing',
      message: `This needs version ${version} of the key, which this process was not given. Put it into DATA_KEYS.`,
      context: { version },
    });
  }
}

/** With the version's name before it. */
export function named(version: number, value: string): string {
  return version === 1 ? value : `${version}.${value}`;
}

/** The version that a value names, and the value. */
export function versionOf(value: string): { readonly version: number; readonly bare: string } {
  const [, version, bare] = NAMED.exec(value) ?? [];
  return version === undefined || bare === undefined
    ? { version: 1, bare: value }
    : { version: Number(version), bare };
}
