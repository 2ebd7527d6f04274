import type { Connection } from 'mongoose';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { ORDER_ARCHIVE } from '../../orders/store/order-archive.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
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
    // Those in the archive are as old as they were; one that is in both places, on its way, comes once.
    for await (const order of inOrder(this.#of(ORDER_ARCHIVE), this.#of('orders'))) {
      yield { ...order, orgPath: order.orgPath ?? PROVINCE_PATH };
    }
  }

  #of(name: string): AsyncIterator<CountedWithVersion> {
    return collectionOf<CountedWithVersion>(this.#db, name)
      .find({}, { projection: FIELDS, batchSize: 2000 })
      .sort({ _id: 1 })
      [Symbol.asyncIterator]() as AsyncIterator<CountedWithVersion>;
  }
}

/** Two streams in the order of their numbers as one; what is in both comes from the second. */
async function* inOrder(
  ...[first, second]: [AsyncIterator<CountedWithVersion>, AsyncIterator<CountedWithVersion>]
): AsyncGenerator<CountedWithVersion> {
  let [one, other] = await Promise.all([first.next(), second.next()]);
  while (one.done !== true || other.done !== true) {
    if (one.done !== true && (other.done === true || one.value._id < other.value._id)) {
      yield one.value;
      one = await first.next();
    } else if (other.done !== true) {
      if (one.done !== true && one.value._id === other.value._id) one = await first.next();
      yield other.value;
      other = await second.next();
    }
  }
}
