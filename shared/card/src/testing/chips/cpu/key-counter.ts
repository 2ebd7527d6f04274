/** Counts the refusals in a row of one key or code of a simulated card; at none left it is locked for ever. */
export class KeyCounter {
  readonly #full: number;
  #left: number;

  constructor(full: number) {
    this.#full = full;
    this.#left = full;
  }

  get locked(): boolean {
    return this.#left === 0;
  }

  /** Gives the status word: 63 Cx, or 69 83 once it is locked. */
  refuse(): number {
    if (this.locked) return 0x6983;
    this.#left -= 1;
    return 0x63c0 | this.#left;
  }

  accept(): void {
    if (!this.locked) this.#left = this.#full;
  }
}
