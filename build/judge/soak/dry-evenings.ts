import { setTimeout as sleep } from 'node:timers/promises';
import type { Deposit } from '../../../server/sandbox/grid/platform/deposit.ts';

/** What a top-up brings, fen: more than a campaign of any length spends until the next evening. */
const TOP_UP_FEN = 100_000_000;
/** An evening without a sale is over after this, ms: longer than the grid is away in a small campaign. */
const WAITS_MS = 90_000;
const LOOK_EVERY_MS = 50;

export interface DryEveningsInit {
  readonly deposit: Deposit;
  /** At which purchases an evening begins. */
  readonly at: readonly number[];
  /** From the first refusal until the top-up. */
  readonly dryMs: number;
  readonly report: (line: string) => void;
}

/** Our deposit at the grid runs dry on some evenings, and is topped up; it bounds nothing before the first. */
export class DryEvenings {
  /** On so many the grid refused a sale for it. */
  dry = 0;
  readonly #init: DryEveningsInit;
  #begun = 0;
  #run: Promise<void> = Promise.resolve();

  constructor(init: DryEveningsInit) {
    this.#init = init;
  }

  /** So many purchases were begun. */
  reached(order: number): void {
    const { at } = this.#init;
    while (this.#begun < at.length && order >= (at[this.#begun] ?? Infinity)) {
      this.#begun += 1;
      // One after the other.
      this.#run = this.#run.then(() => this.#evening());
    }
  }

  /** When the last of them is over and topped up. */
  async done(): Promise<void> {
    await this.#run;
  }

  async #evening(): Promise<void> {
    const { deposit, dryMs, report } = this.#init;
    const before = deposit.refusals;
    // With a sale that is paid for: who buys before it is not held up.
    deposit.emptiesAtNextSale = true;
    const patience = performance.now() + WAITS_MS;
    while (deposit.refusals === before && performance.now() < patience) await sleep(LOOK_EVERY_MS);
    if (deposit.refusals > before) {
      this.dry += 1;
      await sleep(dryMs);
    }
    deposit.emptiesAtNextSale = false;
    report(`Our deposit is topped up; ${deposit.refusals - before} sales were refused meanwhile`);
    deposit.topUp(TOP_UP_FEN);
  }
}
