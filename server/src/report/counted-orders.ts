import type { Connection } from 'mongoose';
import { PROVINCE_PATH } from '../domain/org-path.ts';
import { collectionOf } from '../store/connection.ts';
import type { CountedOrder } from './movements.ts';

/** What counting needs of an order; neither the customer nor the card. */
const FIELDS = {
  version: 1,
  terminalId: 1,
  orgPath: 1,
  entry: 1,
  chip: 1,
  faceFen: 1,
  discountFen: 1,
  paidFen: 1,
  'payments.no': 1,
  'payments.channel': 1,
  'refunds.no': 1,
  'refunds.paymentNo': 1,
  'events.n': 1,
  'events.at': 1,
  'events.name': 1,
  'events.data': 1,
} as const;

export type CountedWithVersion = CountedOrder & { readonly version: number };

/** Every order there is, for what is counted again. */
export class CountedOrders {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Oldest first, streamed. */
  async *all(): AsyncGenerator<CountedWithVersion> {
    const found = collectionOf<CountedWithVersion>(this.#db, 'orders')
      .find({}, { projection: FIELDS, batchSize: 2000 })
      .sort({ _id: 1 });
    for await (const order of found) {
      yield { ...(order as CountedWithVersion), orgPath: order.orgPath ?? PROVINCE_PATH };
    }
  }
}
