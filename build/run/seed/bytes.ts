import { randomBytes } from '@bianmin/card/testing/random';

/** Bytes by chance that is the same in every run of one seed, in the forms that documents have. */
export class Bytes {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  hex(count: number): string {
    return this.#take(count).toString('hex');
  }

  base64url(count: number): string {
    return this.#take(count).toString('base64url');
  }

  uuid(): string {
    const hex = this.hex(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  #take(count: number): Buffer {
    return Buffer.from(randomBytes(this.#random, count));
  }
}
