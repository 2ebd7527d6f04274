import type { Connection } from 'mongoose';
import type { OrderState } from '@bianmin/purchase/api/order';
import type { Order } from '../../orders/model/order.ts';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import type { OpenRefundStatus } from '../../orders/store/orders.ts';

const FIELDS = {
  ...{ state: 1, orgPath: 1, kind: 1, createdAt: 1, updatedAt: 1, dueAt: 1, sale: 1, reversal: 1 },
  ...{ write: 1, credit: 1, attention: 1, 'payments.status': 1, 'payments.funds': 1 },
  ...{ 'payments.paidAt': 1, 'payments.createdAt': 1, 'payments.channel': 1, 'payments.no': 1 },
  ...{ 'refunds.status': 1, 'refunds.at': 1, 'refunds.sentAt': 1, 'refunds.no': 1 },
} as const;

/** What rules need of an order: neither whose it is nor which card. */
export type OrderFacts = Pick<
  Order,
  '_id' | 'state' | 'createdAt' | 'updatedAt' | 'sale' | 'reversal' | 'write'
> & {
  readonly orgPath?: readonly string[];
  readonly credit?: Order['credit'];
  readonly dueAt?: Date;
  readonly payments: readonly Pick<
    Order['payments'][number],
    'no' | 'status' | 'funds' | 'paidAt' | 'createdAt' | 'channel'
  >[];
  readonly refunds: readonly Pick<Order['refunds'][number], 'no' | 'status' | 'at' | 'sentAt'>[];
};

/** More than this at once is told as this many. */
export const MOST = 5_000;

/** Orders as rules look at them; each query by an index of `store/order-schema.ts`. */
export class OrderFactsReader {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** In one of these states; made from the one time on and before the other (`state`, `_id`). */
  inStates(states: readonly OrderState[], made: { from?: Date; before?: Date } = {}): Promise<OrderFacts[]> {
    const { from, before } = made;
    const numbers = {
      ...(from === undefined ? {} : { $gte: firstOrderNo(from) }),
      ...(before === undefined ? {} : { $lt: firstOrderNo(before) }),
    };
    return this.#find({
      state: { $in: [...states] },
      ...(Object.keys(numbers).length === 0 ? {} : { _id: numbers }),
    });
  }

  /** That are not at rest and were made before this (`dueShard`: what moves and no more). */
  moving(before: Date): Promise<OrderFacts[]> {
    return this.#find({ dueShard: { $gte: 0 }, createdAt: { $lt: before } });
  }

  /** That should have been looked at before this (`dueShard`, `dueAt`). */
  overdue(before: Date): Promise<OrderFacts[]> {
    return this.#find({ dueShard: { $gte: 0 }, dueAt: { $lt: before } });
  }

  /** With a refund in one of these statuses (`openRefunds`). */
  refunding(statuses: readonly OpenRefundStatus[]): Promise<OrderFacts[]> {
    return this.#find({ openRefunds: { $in: [...statuses] } });
  }

  /** Made from this time on (`_id`), the newest first. */
  made(from: Date): Promise<OrderFacts[]> {
    return this.#find({ _id: { $gte: firstOrderNo(from) } }, { _id: -1 });
  }

  /** When the first change after this one was (`updatedAt`); undefined: there was none. */
  async changedAfter(at: Date): Promise<Date | undefined> {
    const [next] = await this.#db
      .collection<Pick<OrderFacts, '_id' | 'updatedAt'>>('orders')
      .find({ updatedAt: { $gt: at } }, { projection: { updatedAt: 1 } })
      .sort({ updatedAt: 1, _id: 1 })
      .limit(1)
      .toArray();
    return next?.updatedAt;
  }

  #find(filter: Record<string, unknown>, sort?: Record<string, 1 | -1>): Promise<OrderFacts[]> {
    const found = this.#db.collection<OrderFacts>('orders').find(filter, { projection: FIELDS }).limit(MOST);
    return (sort === undefined ? found : found.sort(sort)).toArray();
  }
}
