import type { CountedOrders, CountedWithVersion } from './counted-orders.ts';
import type { Counts } from './counts.ts';
import { dayOf } from './rebuild.ts';
import { DIMENSIONS, GRAINS, rollupId, rollupOf, RollupSet, type Grain, type Rollup } from './rollup.ts';
import { differencesOf, type RollupCheck, type RollupDifference } from './check-result.ts';
import type { RollupStore } from './rollup-store.ts';
import { TerminalCheck } from './terminal-check.ts';

const MOST = 100;
const ORDERS_AT_ONCE = 500;
/** A difference stands when it is found again: orders go on while they are read. */
const TIMES = 3;

/** Proves rollups equal to what the orders give, counted anew and held beside them. Changes nothing. */
export class RollupChecker {
  readonly #store: RollupStore;
  readonly #orders: CountedOrders;

  constructor(init: { store: RollupStore; orders: CountedOrders }) {
    this.#store = init.store;
    this.#orders = init.orders;
  }

  async run(): Promise<RollupCheck> {
    let check = await this.#once();
    for (let time = 1; time < TIMES && check.differences.length > 0; time += 1) {
      const again = await this.#once();
      const before = new Set(check.differences.map((each) => JSON.stringify(each)));
      const differences = again.differences.filter((each) => before.has(JSON.stringify(each)));
      check = { ...again, differences, equal: differences.length === 0 };
    }
    return check;
  }

  async #once(): Promise<RollupCheck> {
    const { current, withTerminals } = await this.#store.state();
    if (!withTerminals) {
      throw new Error(
        'There are only the rollups of the version before. The worker makes them anew, or a rebuild.',
      );
    }
    await this.#store.settled(current);
    const pass = new Pass(this.#store, current);
    let some: CountedWithVersion[] = [];
    let orders = 0;
    for await (const order of this.#orders.all()) {
      some.push(order);
      orders += 1;
      if (some.length < ORDERS_AT_ONCE) continue;
      await pass.add(some);
      some = [];
    }
    await pass.add(some);
    const { rollups, differences } = await pass.end();
    return { orders, rollups, differences: differences.slice(0, MOST), equal: differences.length === 0 };
  }
}

class Pass {
  readonly #store: RollupStore;
  readonly #generation: number;
  readonly #set = new RollupSet();
  readonly #terminals: TerminalCheck;
  readonly #looked = new Set<string>();
  readonly #differences: RollupDifference[] = [];
  #rollups = 0;
  #day = '';

  constructor(store: RollupStore, generation: number) {
    this.#store = store;
    this.#generation = generation;
    this.#terminals = new TerminalCheck(store.terminals, generation);
  }

  /** Each order as far as it is counted. */
  async add(orders: readonly CountedWithVersion[]): Promise<void> {
    const counted = await this.#store.counted(
      this.#generation,
      orders.map(({ _id }) => _id),
    );
    for (const order of orders) {
      const day = dayOf(order._id);
      if (day > this.#day) {
        await this.#compare(this.#set.takeBefore(day).map(rollupOf));
        await this.#terminals.compare(this.#set.terminals.takeBefore(day));
        this.#day = day;
      }
      const n = counted.get(order._id) ?? 0;
      this.#set.add({ ...order, events: order.events.filter((event) => event.n <= n) });
    }
  }

  async end(): Promise<{ rollups: number; differences: readonly RollupDifference[] }> {
    await this.#compare(this.#set.takeAll().map(rollupOf));
    const terminals = await this.#terminals.end(this.#set.terminals.takeAll());
    // Periods that no order speaks of.
    for (const grain of GRAINS) {
      for (const period of await this.#store.periods(this.#generation, grain)) {
        if (!this.#looked.has(`${grain}:${period}`)) await this.#comparePeriod(grain, period, []);
      }
    }
    return {
      rollups: this.#rollups + terminals.rollups,
      differences: [...this.#differences, ...terminals.differences],
    };
  }

  async #compare(made: readonly Rollup[]): Promise<void> {
    const byPeriod = new Map<string, Rollup[]>();
    for (const rollup of made) {
      const at = `${rollup.grain}:${rollup.period}`;
      byPeriod.set(at, [...(byPeriod.get(at) ?? []), rollup]);
    }
    for (const [, of] of byPeriod) {
      const [first] = of;
      if (first !== undefined) await this.#comparePeriod(first.grain, first.period, of);
    }
  }

  async #comparePeriod(grain: Grain, period: string, made: readonly Rollup[]): Promise<void> {
    this.#looked.add(`${grain}:${period}`);
    const stored = new Map(
      (await this.#store.ofPeriod(this.#generation, grain, period)).map((each) => [rollupId(each), each]),
    );
    const byId = new Map(made.map((each) => [rollupId(each), each]));
    for (const id of new Set([...stored.keys(), ...byId.keys()])) {
      this.#rollups += 1;
      this.#differences.push(...differencesOf(id, cellsOf(stored.get(id)), cellsOf(byId.get(id))));
    }
  }
}

function cellsOf(rollup: Rollup | undefined): Map<string, Counts> {
  if (rollup === undefined) return new Map();
  const cells = new Map([['all', rollup.all]]);
  for (const dimension of DIMENSIONS) {
    for (const [value, counts] of Object.entries(rollup[dimension] ?? {}))
      cells.set(`${dimension}.${value}`, counts);
  }
  return cells;
}
