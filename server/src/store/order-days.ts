import type { Connection } from 'mongoose';
import type { Order } from '../domain/order.ts';

/**
 * Orders that may have something of certain days, streamed: those made on them or on the day before (a number begins
 * with its moment in China), and older ones that changed since. Which of their facts are of which day is for who reads.
 */
export class OrderDays<T> {
  readonly #db: Connection;
  readonly #fields: Readonly<Record<string, 1>>;

  constructor(db: Connection, fields: Readonly<Record<string, 1>>) {
    this.#db = db;
    this.#fields = fields;
  }

  /** Days as YYYY-MM-DD; `since` is when the first begins. Orders come in no order. */
  async *read(init: { dayBefore: string; dayAfter: string; since: Date }): AsyncGenerator<T> {
    const orders = this.#db.collection<Order>('orders');
    const [first, end] = [numberOf(init.dayBefore), numberOf(init.dayAfter)];
    const options = { projection: this.#fields, batchSize: 5000 };
    yield* orders.find({ _id: { $gte: first, $lt: end } }, options) as unknown as AsyncIterable<T>;
    yield* orders.find(
      { updatedAt: { $gte: init.since }, _id: { $lt: first } },
      options,
    ) as unknown as AsyncIterable<T>;
  }

  /** Every order of a meter. */
  async *ofMeter(meterNo: string): AsyncGenerator<T> {
    const options = { projection: this.#fields };
    yield* this.#db.collection<Order>('orders').find({ meterNo }, options) as unknown as AsyncIterable<T>;
  }

  /** One order, or null. */
  async get(orderNo: string): Promise<T | null> {
    const found = await this.#db
      .collection<Order>('orders')
      .findOne({ _id: orderNo }, { projection: this.#fields });
    return found as T | null;
  }
}

/** Before the first number of a day: `yyMMdd`. */
function numberOf(day: string): string {
  return day.slice(2).replaceAll('-', '');
}
