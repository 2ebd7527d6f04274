import { setTimeout as sleep } from 'node:timers/promises';
import type { GridTerminal } from '../grid-terminal.ts';
import type { Town } from '../grid-town.ts';
import type { Visits } from '../grid-visit.ts';

/** One comes so long after the other, ms, so that none stands behind one who waits. */
const EVERY_MS = 500;
/** As many as come at most; each buys again and again. */
const MOST = 8;

/** Those who come to buy right after a freeze, one after the other, until one of them was sold something. */
export class FirstCustomers {
  readonly #visits: Visits;
  readonly #town: Town;
  readonly #terminals: readonly GridTerminal[];
  readonly #here = new Set<Promise<void>>();
  #came = 0;

  /** `visits` in which nothing goes wrong. */
  constructor(init: { visits: Visits; town: Town; terminals: readonly GridTerminal[] }) {
    this.#visits = init.visits;
    this.#town = init.town;
    this.#terminals = init.terminals;
  }

  /** They come for as long as this is under way. */
  async during<T>(until: Promise<T>): Promise<T> {
    const over = new AbortController();
    const coming = this.#come(over.signal);
    try {
      return await until;
    } finally {
      over.abort();
      await coming;
    }
  }

  /** When the last of them is home: some wait longer than those who were served. */
  async gone(): Promise<void> {
    await Promise.all(this.#here);
  }

  async #come(over: AbortSignal): Promise<void> {
    for (let n = 0; n < MOST && !over.aborted; n += 1) {
      const buying = this.#buy(over);
      this.#here.add(buying);
      void buying.finally(() => this.#here.delete(buying));
      await sleep(EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }

  async #buy(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.#came += 1;
      const terminal = this.#terminals[this.#came % this.#terminals.length];
      const resident = this.#town.leave();
      if (terminal === undefined || resident === undefined) await sleep(50);
      else await this.#visits.visit(resident, { terminal, other: terminal });
    }
  }
}
