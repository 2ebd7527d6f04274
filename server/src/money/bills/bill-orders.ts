import type { Order } from '../../orders/model/order.ts';
import { CHANGED_FIELDS } from '../../orders/store/order-changes.ts';
import { OrderDays } from '../../orders/store/order-days.ts';
import type { Connection } from 'mongoose';
import { postingsOf, type BookedOrder } from '../ledger/order-postings.ts';
import type { Posting } from '../ledger/posting.ts';

/** What bills show of an order; names and numbers are the masked ones. */
export type BilledOrder = BookedOrder & Pick<Order, 'masked' | 'count'>;
const FIELDS = { ...CHANGED_FIELDS, masked: 1, count: 1 } as const;

/** One thing that happened to money, with its order. */
export interface BookedLine {
  readonly order: BilledOrder;
  readonly posting: Posting;
}

/** Orders as bills read them: from the orders, so that the ledger can confirm what they add up to. */
export class BillOrders {
  readonly #days: OrderDays<BilledOrder>;

  constructor(db: Connection) {
    this.#days = new OrderDays<BilledOrder>(db, FIELDS);
  }

  /** What happened from the first to the last day to orders that `takes` takes; by time, then order. */
  async lines(first: string, last: string, takes: (order: BilledOrder) => boolean): Promise<BookedLine[]> {
    return linesOf(this.#days.read({ first, last }), { first, last, takes });
  }

  /** The same of one meter's orders. */
  async linesOfMeter(first: string, last: string, meterNo: string): Promise<BookedLine[]> {
    return linesOf(this.#days.ofMeter(meterNo), { first, last, takes: () => true });
  }
}

async function linesOf(
  orders: AsyncIterable<BilledOrder>,
  init: { first: string; last: string; takes: (order: BilledOrder) => boolean },
): Promise<BookedLine[]> {
  const lines: BookedLine[] = [];
  for await (const order of orders) {
    if (!init.takes(order)) continue;
    for (const posting of postingsOf(order)) {
      if (posting.day >= init.first && posting.day <= init.last) lines.push({ order, posting });
    }
  }
  return lines.toSorted(
    (a, b) =>
      a.posting.at.getTime() - b.posting.at.getTime() ||
      (a.order._id < b.order._id ? -1 : a.order._id > b.order._id ? 1 : a.posting.n - b.posting.n),
  );
}
