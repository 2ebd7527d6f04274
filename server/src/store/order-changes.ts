import type { Connection } from 'mongoose';
import type { Order } from '../domain/order.ts';

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

/** Orders by when they last changed; for projectors, which may be late and may read one twice. */
export class OrderChanges {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Those after the mark, oldest change first; an order that goes on changing may be left out now and comes later. */
  async after(mark: ChangeMark, limit: number): Promise<ChangedOrder[]> {
    const orders = this.#db.collection<Order>('orders');
    const sameMoment = await orders
      .find({ updatedAt: mark.at, _id: { $gt: mark.orderNo } }, { projection: CHANGED_FIELDS })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    if (sameMoment.length === limit) return sameMoment;
    const later = await orders
      .find({ updatedAt: { $gt: mark.at } }, { projection: CHANGED_FIELDS })
      .sort({ updatedAt: 1, _id: 1 })
      .limit(limit - sameMoment.length)
      .toArray();
    return [...sameMoment, ...later];
  }
}
