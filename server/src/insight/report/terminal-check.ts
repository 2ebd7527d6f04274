import { differencesOf, type RollupDifference } from './check-result.ts';
import type { Counts } from './counts.ts';
import { terminalDocumentOf, type TerminalDocument, type TerminalRollups } from './terminal-rollups.ts';
import type { TerminalSums } from './terminal-sums.ts';

/** Holds months and years of single terminals beside what the orders give. */
export class TerminalCheck {
  readonly #stored: TerminalRollups;
  readonly #generation: number;
  readonly #looked = new Set<string>();
  readonly #differences: RollupDifference[] = [];
  #rollups = 0;

  constructor(stored: TerminalRollups, generation: number) {
    this.#stored = stored;
    this.#generation = generation;
  }

  /** All of each period that is among them. */
  async compare(made: readonly TerminalSums[]): Promise<void> {
    const byPeriod = new Map<string, TerminalSums[]>();
    for (const each of made) {
      const known = byPeriod.get(each.period);
      if (known === undefined) byPeriod.set(each.period, [each]);
      else known.push(each);
    }
    for (const [period, of] of byPeriod) await this.#comparePeriod(period, of);
  }

  /** The last ones, and periods that no order speaks of. */
  async end(made: readonly TerminalSums[]): Promise<{ rollups: number; differences: RollupDifference[] }> {
    await this.compare(made);
    for (const period of await this.#stored.periods(this.#generation)) {
      if (!this.#looked.has(period)) await this.#comparePeriod(period, []);
    }
    return { rollups: this.#rollups, differences: this.#differences };
  }

  async #comparePeriod(period: string, made: readonly TerminalSums[]): Promise<void> {
    this.#looked.add(period);
    const left = new Map(made.map((each) => [each.terminal, terminalDocumentOf(this.#generation, each)]));
    for await (const stored of this.#stored.ofPeriod(this.#generation, period)) {
      this.#note(stored, left.get(stored.terminal));
      left.delete(stored.terminal);
    }
    for (const each of left.values()) this.#note(undefined, each);
  }

  #note(stored: TerminalDocument | undefined, made: TerminalDocument | undefined): void {
    const { period = '', terminal = '' } = stored ?? made ?? {};
    this.#rollups += 1;
    this.#differences.push(
      ...differencesOf(`terminal:${period}:${terminal}`, cellsOf(stored), cellsOf(made)),
    );
  }
}

/** An organisation that it is found below is one more part. */
function cellsOf(document: TerminalDocument | undefined): Map<string, Counts> {
  if (document === undefined) return new Map();
  const { all, places, path } = document;
  return new Map<string, Counts>([
    ['all', all],
    ...Object.entries(places),
    ...path.map((org) => [`path.${org}`, { orders: 1 }] as const),
  ]);
}
