import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { Order } from '../model/order.ts';

/** Where a reader of changes is: it has seen every order that changed before this, and of that moment those up to here. */
export interface ChangeMark {
  readonly at: Date;
  readonly orderNo: string;
}

/** Fields that readers of changes need; neither the customer nor the card. */
export const CHANGED_FIELDS = {
  version: 1,
  state: 1,
  terminalId: 1,
  orgPath: 1,
  entry: 1,
  chip: 1,
  meterNo: 1,
  grid: 1,
  faceFen: 1,
  discountFen: 1,
  discount: 1,
  paidFen: 1,
  payments: 1,
  sale: 1,
  refunds: 1,
  events: 1,
  updatedAt: 1,
} as const;
export type ChangedOrder = Pick<Order, '_id' | keyof typeof CHANGED_FIELDS>;

/** Changes are first looked for in the hour after the mark, then in four hours more, and so on, five times. */
const FIRST_MS = 3_600_000;
const GROWTH = 4;
const SPANS = 5;

/**
 * Orders by when they last changed; for projectors, which may be late and may read one twice. Who is far behind is given
 * the changes of short times, so that a database which sorts everything that matches does not sort the rest of the year
 * for each page.
 */
export class OrderChanges {
  readonly #db: Connection;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(db: Connection, clock: Pick<Clock, 'now'>) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Those after the mark, oldest change first; an order that goes on changing may be left out now and comes later. */
  async after(mark: ChangeMark, limit: number): Promise<ChangedOrder[]> {
    const found = await this.#find({ updatedAt: mark.at, _id: { $gt: mark.orderNo } }, limit);
    for (const span of this.#spansAfter(mark.at)) {
      if (found.length >= limit) break;
      found.push(...(await this.#find({ updatedAt: span }, limit - found.length)));
    }
    return found;
  }

  /** When the newest change was; null where there is no order. */
  async newest(): Promise<Date | null> {
    const [newest] = await this.#db
      .collection<Order>('orders')
      .find({}, { projection: { updatedAt: 1 } })
      .sort({ updatedAt: -1 })
      .limit(1)
      .toArray();
    return newest?.updatedAt ?? null;
  }

  *#spansAfter(mark: Date): Generator<{ $gt: Date; $lte?: Date }> {
    const now = this.#clock.now();
    let from = mark.getTime();
    for (let span = 0, ms = FIRST_MS; span < SPANS && from + ms < now; span += 1, ms *= GROWTH) {
      yield { $gt: new Date(from), $lte: new Date(from + ms) };
      from += ms;
    }
    yield { $gt: new Date(from) };
  }

  async #find(filter: Record<string, unknown>, limit: number): Promise<ChangedOrder[]> {
    return this.#db
      .collection<Order>('orders')
      .find(filter, { projection: CHANGED_FIELDS })
      .sort({ updatedAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }
}
