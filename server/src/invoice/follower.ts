import type { MarkStore } from '../store/marks.ts';
import type { OrderChanges } from '../store/order-changes.ts';
import type { OrderStore } from '../store/orders.ts';
import type { Invoices } from './invoices.ts';

const NAME = 'invoices';
const BATCH = 200;
/** An order's time of change is its writer's: a write may become visible after a later one was read. */
const OVERLAP_MS = 10_000;

/** Sees to it that invoices follow the money: every order of which something goes back is looked at. */
export class InvoiceFollower {
  readonly #invoices: Pick<Invoices, 'follow'>;
  readonly #changes: OrderChanges;
  readonly #marks: MarkStore;
  readonly #orders: Pick<OrderStore, 'get'>;

  constructor(init: {
    invoices: Pick<Invoices, 'follow'>;
    changes: OrderChanges;
    marks: MarkStore;
    orders: Pick<OrderStore, 'get'>;
  }) {
    this.#invoices = init.invoices;
    this.#changes = init.changes;
    this.#marks = init.marks;
    this.#orders = init.orders;
  }

  /** Everything that changed up to now; gives how many orders were followed. */
  async round(): Promise<number> {
    const { at } = await this.#marks.get(NAME);
    let mark = { at: new Date(at.getTime() - OVERLAP_MS), orderNo: '' };
    let followed = 0;
    for (;;) {
      const changed = await this.#changes.after(mark, BATCH);
      for (const { _id, refunds } of changed) {
        const order = refunds.length === 0 ? null : await this.#orders.get(_id);
        if (order === null) continue;
        await this.#invoices.follow(order);
        followed += 1;
      }
      const last = changed.at(-1);
      if (last !== undefined) {
        mark = { at: last.updatedAt, orderNo: last._id };
        await this.#marks.advance(NAME, mark);
      }
      if (changed.length < BATCH) return followed;
    }
  }
}
