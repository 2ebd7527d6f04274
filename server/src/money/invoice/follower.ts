import type { MarkStore } from '../../orders/store/marks.ts';
import type { OrderChanges } from '../../orders/store/order-changes.ts';
import { readChanges } from '../../orders/store/read-changes.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { Invoices } from './invoices.ts';

/** Its mark's name. */
export const INVOICES_MARK = 'invoices';

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
    let followed = 0;
    const from = { changes: this.#changes, marks: this.#marks, name: INVOICES_MARK };
    await readChanges(from, async (changed) => {
      for (const { _id, refunds } of changed) {
        const order = refunds.length === 0 ? null : await this.#orders.get(_id);
        if (order === null) continue;
        await this.#invoices.follow(order);
        followed += 1;
      }
    });
    return followed;
  }
}
