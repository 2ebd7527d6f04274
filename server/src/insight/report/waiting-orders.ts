import type { Connection } from 'mongoose';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { OrderState } from '@bianmin/purchase/api/order';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';

/** How many orders stand in a state now, which no rollup says. */
export class WaitingOrders {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Of an organisation with all below it; no further than `most`. Few wait, and each is read by the index of states. */
  async count(state: OrderState, org: string, most: number): Promise<number> {
    const found = await collectionOf<OrderDocument>(this.#db, 'orders')
      .find({ state, ...(org === PROVINCE ? {} : { orgPath: org }) }, { projection: { _id: 1 } })
      .limit(most)
      .toArray();
    return found.length;
  }
}
