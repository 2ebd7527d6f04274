import { KeyRing, type KeySource } from '../../kernel/key-ring.ts';
import { SecretSeal } from '../../kernel/secret-seal.ts';

/** Before what is sealed; hashes from before they were are as `password.ts` makes them. */
const MARK = 'sealed ';

/**
 * Slow hashes as they are stored: sealed under a key that is not in the database (a pepper), and bound to whose they are. Six digits
 * fall to whoever has their hash, however slow it is: a million tries. It is sealed after it was made, not mixed in before, so that
 * the key can be changed without the password.
 */
export class HashSeal {
  readonly #keys: KeyRing;
  readonly #seal: SecretSeal;

  constructor(keys: KeySource, of: 'passwords' | 'staff pins') {
    this.#keys = KeyRing.of(keys);
    this.#seal = new SecretSeal(this.#keys, `bianmin ${of}`);
  }

  seal(hash: string, of: string): string {
    return this.#keys.sealsAll ? MARK + this.#seal.seal(hash, of) : hash;
  }

  /** Throws where it was sealed for another, or under another key. */
  open(stored: string, of: string): string {
    return stored.startsWith(MARK) ? this.#seal.open(stored.slice(MARK.length), of) : stored;
  }

  /** Whether it is as a new one would be. */
  isCurrent(stored: string): boolean {
    return stored.startsWith(MARK)
      ? this.#keys.sealsAll && this.#seal.isCurrent(stored.slice(MARK.length))
      : !this.#keys.sealsAll;
  }
}
