import type { Clock } from '@bianmin/card/clock';
import type { MarkStore } from '../../orders/store/marks.ts';
import type { CountedOrders } from './counted-orders.ts';
import { markOf } from './marks.ts';
import type { CountedOrder } from './movements.ts';
import { RollupSet } from './rollup.ts';
import type { Batch } from './rollup-documents.ts';
import type { RollupStore } from './rollup-store.ts';

const COUNTED_AT_ONCE = 5000;

/**
 * Builds a generation of rollups from orders, oldest first. Memory is bounded: what an order counts on is its own day or,
 * for a refund, a later one, so that a day is over when the next one's first order comes. What takes most is a year of every terminal.
 */
export class RollupBuilder {
  readonly #store: RollupStore;
  readonly #generation: number;
  readonly #set = new RollupSet();
  #counted: Batch['counted'][number][] = [];
  #day = '';

  constructor(store: RollupStore, generation: number) {
    this.#store = store;
    this.#generation = generation;
  }

  async add(order: CountedOrder & { readonly version: number }): Promise<void> {
    const day = dayOf(order._id);
    if (day > this.#day) {
      await this.#store.insert(this.#generation, this.#set.takeBefore(day));
      await this.#store.terminals.insert(this.#generation, this.#set.terminals.takeBefore(day));
      this.#day = day;
    }
    this.#set.add(order);
    this.#counted.push({ orderNo: order._id, n: order.version });
    if (this.#counted.length >= COUNTED_AT_ONCE) await this.#flushCounted();
  }

  /** The last days; the generation is whole then. */
  async end(): Promise<void> {
    await this.#flushCounted();
    await this.#store.insert(this.#generation, this.#set.takeAll());
    await this.#store.terminals.insert(this.#generation, this.#set.terminals.takeAll());
  }

  async #flushCounted(): Promise<void> {
    const counted = this.#counted;
    this.#counted = [];
    await this.#store.insertCounted(this.#generation, counted);
  }
}

/** The day that an order's number begins with, which is the one on which it was made. */
export function dayOf(orderNo: string): string {
  return `20${orderNo.slice(0, 2)}-${orderNo.slice(2, 4)}-${orderNo.slice(4, 6)}`;
}

/** Makes all rollups anew, beside those that are read until the new ones are whole. */
export class Rebuild {
  readonly #init: { store: RollupStore; orders: CountedOrders; marks: MarkStore; clock: Clock };

  constructor(init: { store: RollupStore; orders: CountedOrders; marks: MarkStore; clock: Clock }) {
    this.#init = init;
  }

  /** Gives how many orders were counted. What changes meanwhile is counted by the projector from then on. */
  async run(): Promise<number> {
    const { store, orders, marks, clock } = this.#init;
    const began = new Date(clock.now());
    const asked = (await store.state()).rebuildAskedAt;
    const generation = await store.nextGeneration();
    const builder = new RollupBuilder(store, generation);
    let counted = 0;
    for await (const order of orders.all()) {
      await builder.add(order);
      counted += 1;
    }
    await builder.end();
    await marks.advance(markOf(generation), { at: began, orderNo: '' });
    await store.makeCurrent(generation, { at: new Date(clock.now()), asked });
    await store.removeOtherThan(generation);
    return counted;
  }
}
