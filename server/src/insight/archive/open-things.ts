import type { Clock } from '@bianmin/card/clock';
import type { Connection, mongo } from 'mongoose';
import { chinaDay } from '../../kernel/china-time.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';

/** What keeps an order among the orders, in words that the log may have. */
export type Keeps =
  'moves' | 'case' | 'complaint' | 'invoice' | 'approval' | 'books' | 'reconciliation' | 'newest-of-meter';

type AtRest = Pick<
  OrderDocument,
  | '_id'
  | 'state'
  | 'dueAt'
  | 'attention'
  | 'openRefunds'
  | 'cashOwed'
  | 'payments'
  | 'refunds'
  | 'updatedAt'
  | 'saleSlot'
> &
  Pick<OrderDocument, 'grid' | 'meterNo' | 'count'>;

const ENDED: readonly string[] = ['done', 'refunded', 'closed'];

/** Which of these orders must stay where they are, and why; with the others nothing is left to be done. */
export class OpenThings {
  readonly #db: Connection;
  readonly #marks: MarkStore;

  constructor(db: Connection, clock: Pick<Clock, 'now'>) {
    this.#db = db;
    this.#marks = new MarkStore(db, clock);
  }

  async of(orders: readonly AtRest[]): Promise<Map<string, Keeps>> {
    const numbers = orders.map(({ _id }) => _id);
    const kept = new Map<string, Keeps>();
    const keep = (orderNos: Iterable<string>, why: Keeps): void => {
      for (const orderNo of orderNos) if (!kept.has(orderNo)) kept.set(orderNo, why);
    };
    keep(
      orders.filter((order) => !isAtRest(order)).map(({ _id }) => _id),
      'moves',
    );
    const orderNo = { $in: numbers };
    keep(await this.#orderNosOf('cases', { orderNo, status: 'open' }), 'case');
    keep(await this.#orderNosOf('complaints', { orderNo, state: { $ne: 'finished' } }), 'complaint');
    keep(await this.#orderNosOf('invoices', { orderNo, status: 'waiting' }), 'invoice');
    const undecided = await this.#undecided();
    keep(
      numbers.filter((each) => undecided.some((content) => content.includes(each))),
      'approval',
    );
    const marks = [...(await this.#marks.reached()).values()].map((at) => at.getTime());
    // Where nothing was ever projected, nothing has been seen.
    const passed = marks.length === 0 ? 0 : Math.min(...marks);
    keep(
      orders.filter(({ updatedAt }) => !(updatedAt.getTime() < passed)).map(({ _id }) => _id),
      'books',
    );
    const even = await this.#evenDays(orders.flatMap(daysOf));
    keep(
      orders.filter((order) => !daysOf(order).every((day) => even.has(day))).map(({ _id }) => _id),
      'reconciliation',
    );
    for (const order of orders) {
      if (!kept.has(order._id) && (await this.#isNewestSale(order))) kept.set(order._id, 'newest-of-meter');
    }
    return kept;
  }

  async #orderNosOf(name: string, filter: mongo.Filter<mongo.Document>): Promise<string[]> {
    const found = await collectionOf<mongo.Document>(this.#db, name)
      .find(filter, { projection: { orderNo: 1 } })
      .toArray();
    return found.map(({ orderNo }) => String(orderNo));
  }

  /** What waits for a second person, or for being carried out: an order's number may stand anywhere in it. */
  async #undecided(): Promise<string[]> {
    const found = await collectionOf<mongo.Document>(this.#db, 'approvals')
      .find({ status: { $in: ['open', 'accepted'] } }, { projection: { content: 1 } })
      .toArray();
    return found.map(({ content }) => JSON.stringify(content));
  }

  /** Those of these days whose reconciliation is done and holds nothing over. */
  async #evenDays(days: readonly string[]): Promise<Set<string>> {
    const found = await collectionOf<mongo.Document & { readonly _id: string }>(this.#db, 'reconciliations')
      .find({ _id: { $in: [...new Set(days)] }, state: 'done', stale: false }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Every reading of a card asks for its meter's last sale: that one stays where it is looked for first. */
  async #isNewestSale({ saleSlot, grid, meterNo, count }: AtRest): Promise<boolean> {
    if (saleSlot === undefined) return false;
    const later = await collectionOf<OrderDocument>(this.#db, 'orders').findOne(
      { meterNo, grid, count: { $gt: count }, saleSlot: { $gt: '' } },
      { projection: { _id: 1 } },
    );
    return later === null;
  }
}

function isAtRest({ state, dueAt, attention, openRefunds, cashOwed }: AtRest): boolean {
  const nothing = [dueAt, attention, openRefunds, cashOwed].every((each) => each === undefined);
  return nothing && ENDED.includes(state);
}

/** Days, in China, on which money of it moved. */
function daysOf({ payments, refunds }: AtRest): string[] {
  const times = [
    ...payments.flatMap(({ paidAt }) => paidAt ?? []),
    ...refunds.flatMap(({ status, at }) => (status === 'done' ? [at] : [])),
  ];
  return [...new Set(times.map((at) => chinaDay(at)))];
}
