import { LineHash, randomSeed } from './line-hash.ts';

/** Above this share of slots in use the table doubles. */
const FULL = 0.7;

/**
 * Which texts were seen, by the keyed hash of 64 bits: 8 bytes a slot, where the texts themselves would be ten times as
 * much. Two of them count as one by chance once in 2⁶⁴.
 */
export class TextSet {
  readonly #hash = new LineHash(randomSeed());
  /** Both lanes are 0 where a slot is free. */
  #lane1 = new Int32Array(1024);
  #lane2 = new Int32Array(1024);
  #used = 0;

  /** Whether it is seen for the first time. */
  add(text: string): boolean {
    this.#hash.hashText(text);
    const { hash1, hash2 } = this.#hash;
    const lane2 = hash1 === 0 && hash2 === 0 ? 1 : hash2;
    const slot = this.#slotOf(hash1, lane2);
    if (!this.#isFree(slot)) return false;
    this.#lane1[slot] = hash1;
    this.#lane2[slot] = lane2;
    this.#used += 1;
    if (this.#used > this.#lane1.length * FULL) this.#grow();
    return true;
  }

  /** Where it is, or would be. */
  #slotOf(hash1: number, hash2: number): number {
    const mask = this.#lane1.length - 1;
    let slot = hash1 & mask;
    while (!this.#isFree(slot) && (this.#lane1[slot] !== hash1 || this.#lane2[slot] !== hash2)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isFree(slot: number): boolean {
    return this.#lane1[slot] === 0 && this.#lane2[slot] === 0;
  }

  #grow(): void {
    const [lane1, lane2] = [this.#lane1, this.#lane2];
    this.#lane1 = new Int32Array(lane1.length * 2);
    this.#lane2 = new Int32Array(lane1.length * 2);
    for (const [from, hash1] of lane1.entries()) {
      const hash2 = lane2[from] as number;
      if (hash1 === 0 && hash2 === 0) continue;
      const to = this.#slotOf(hash1, hash2);
      this.#lane1[to] = hash1;
      this.#lane2[to] = hash2;
    }
  }
}
