/** Chance that is the same in every run of one seed. */
export class Dice {
  readonly #random: () => number;

  /** `random` gives 32 bits. */
  constructor(random: () => number) {
    this.#random = random;
  }

  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [value, weight] of entries) {
      if (left < weight) return value;
      left -= weight;
    }
    throw new Error('There is nothing to draw from.');
  }

  chance(probability: number): boolean {
    return this.#random() / 2 ** 32 < probability;
  }

  /** From 0 to `bound` less one. */
  below(bound: number): number {
    return this.#random() % bound;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new Error('There is nothing to draw from.');
    return picked;
  }
}
