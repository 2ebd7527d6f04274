import type { Stack } from '../../run/dev/stack-contract.ts';

/** One kill for so many orders, but not fewer than four and not more than forty. */
const ORDERS_A_KILL = 150;

type Blow = 'web' | 'worker' | 'redis';

/** Kills web and worker with SIGKILL at seeded moments and starts them again; empties Redis where there is a `flush`. */
export class Killer {
  readonly #stack: Stack;
  readonly #at: Map<number, readonly Blow[]>;
  readonly #flush: () => Promise<void>;
  #busy: Promise<void> = Promise.resolve();
  #kills = 0;

  constructor(init: { stack: Stack; orders: number; random: () => number; flush?: () => Promise<void> }) {
    const { stack, orders, random, flush } = init;
    this.#stack = stack;
    const count = Math.min(40, Math.max(4, Math.round(orders / ORDERS_A_KILL)));
    this.#flush = flush ?? (() => Promise.resolve());
    const kills: readonly (readonly Blow[])[] = [['web'], ['worker'], ['web', 'worker']];
    const which = flush === undefined ? kills : [...kills, ['redis'] as const, ['redis', 'worker'] as const];
    this.#at = new Map(
      Array.from({ length: count }, (_, i) => {
        // Each kind comes, whatever the seed; when within its share of the orders is the seed's.
        const moment = Math.floor(((i + (random() % 1000) / 1000) * orders) / count) + 1;
        return [moment, which[i % which.length] ?? ['web']];
      }),
    );
  }

  get kills(): number {
    return this.#kills;
  }

  /** So many orders were begun. */
  reached(order: number): void {
    const parts = this.#at.get(order);
    if (parts === undefined) return;
    this.#busy = this.#busy.then(async () => {
      await Promise.all(parts.map((part) => (part === 'redis' ? this.#flush() : this.#stack.kill(part))));
      this.#kills += parts.length;
      const killed = parts.filter((part) => part !== 'redis');
      await Promise.all(killed.map((part) => this.#stack.restart(part)));
    });
    // The caller that awaits `done` gets the error.
    this.#busy.catch(() => undefined);
  }

  /** When all that was killed is back; fails where something does not come back. */
  async done(): Promise<void> {
    await this.#busy;
  }
}
