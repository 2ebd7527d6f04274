import type { Connection, mongo } from 'mongoose';
import { collectionOf } from './connection.ts';
import { ORDER_ARCHIVE } from './order-archive.ts';
import type { OrderDocument } from './order-schema.ts';

/**
 * Orders that may have something of certain days, streamed, also from the archive: those made on them or on the day before (a number
 * begins with its moment in China), and older ones that changed since. Which of their facts are of which day is for who reads.
 */
export class OrderDays<T> {
  readonly #orders: mongo.Collection<OrderDocument>;
  readonly #archive: mongo.Collection<OrderDocument>;
  readonly #fields: Readonly<Record<string, 1>>;

  constructor(db: Connection, fields: Readonly<Record<string, 1>>) {
    this.#orders = collectionOf(db, 'orders');
    this.#archive = collectionOf(db, ORDER_ARCHIVE);
    this.#fields = fields;
  }

  /** Days as YYYY-MM-DD; `since` is when the first begins. Orders come in no order. */
  async *read(init: { dayBefore: string; dayAfter: string; since: Date }): AsyncGenerator<T> {
    const [first, end] = [numberOf(init.dayBefore), numberOf(init.dayAfter)];
    yield* this.#find({ _id: { $gte: first, $lt: end } });
    // In the order of their index: else a database may read every older order by its number.
    yield* this.#find({ updatedAt: { $gte: init.since }, _id: { $lt: first } }, { updatedAt: 1, _id: 1 });
  }

  /** Every order of a meter. */
  ofMeter(meterNo: string): AsyncGenerator<T> {
    return this.#find({ meterNo });
  }

  /** One order, or null. */
  async get(orderNo: string): Promise<T | null> {
    const options = { projection: this.#fields };
    const found =
      (await this.#orders.findOne({ _id: orderNo }, options)) ??
      (await this.#archive.findOne({ _id: orderNo }, options));
    return found as T | null;
  }

  /** Each once, also one that goes into the archive while this reads: those that it may be are remembered. */
  async *#find(filter: mongo.Filter<OrderDocument>, sort?: Record<string, 1>): AsyncGenerator<T> {
    const options = { projection: this.#fields, batchSize: 5000, ...(sort && { sort }) };
    if ((await this.#archive.findOne({}, { projection: { _id: 1 } })) === null) {
      yield* this.#orders.find(filter, options) as unknown as AsyncIterable<T>;
      return;
    }
    const seen = new Set<string>();
    for await (const order of this.#orders.find(filter, options)) {
      seen.add(order._id);
      yield order as unknown as T;
    }
    for await (const order of this.#archive.find(filter, options)) {
      if (!seen.has(order._id)) yield order as unknown as T;
    }
  }
}

/** Before the first number of a day: `yyMMdd`. */
function numberOf(day: string): string {
  return day.slice(2).replaceAll('-', '');
}
