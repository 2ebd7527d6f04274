import type { Connection, mongo } from 'mongoose';
import { firstOrderNo } from '../model/order-no.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';

export interface OrderWalkInit {
  /** Whose documents are numbered as orders are. */
  readonly collection: string;
  /** Under which it is kept how far the walk has come. */
  readonly mark: string;
  /** Absent: whole documents. */
  readonly projection?: Readonly<Record<string, 1>>;
}

/**
 * Old orders by their numbers, which are in the order of time, a batch a round. Each round goes on where the one before it stopped, and
 * at the end the walk begins again: so no round reads all that was done, and what could not be done is met by the next walk.
 */
export class OrderWalk<T extends mongo.Document & { readonly _id: string }> {
  readonly #init: OrderWalkInit;
  readonly #orders: mongo.Collection<T>;
  readonly #marks: mongo.Collection<{ _id: string; after: string }>;

  constructor(db: Connection, init: OrderWalkInit) {
    this.#init = init;
    this.#orders = collectionOf(db, init.collection);
    this.#marks = collectionOf(db, 'retentionmarks');
  }

  /** The next batch, of orders made before a time. The walk stays where it is. */
  async peek(before: Date, limit: number): Promise<T[]> {
    const { mark: _id, projection } = this.#init;
    const after = (await this.#marks.findOne({ _id }))?.after ?? '';
    const filter = { _id: { $gt: after, $lt: firstOrderNo(before) } } as mongo.Filter<T>;
    const found = this.#orders.find(filter, projection === undefined ? {} : { projection });
    return (await found.sort({ _id: 1 }).limit(limit).toArray()) as T[];
  }

  /** Has the next batch worked on, then goes on past it; gives what `work` gives. What failed is the next batch again. */
  async next<R>(before: Date, limit: number, work: (batch: readonly T[]) => Promise<R>): Promise<R> {
    const batch = await this.peek(before, limit);
    const result = await work(batch);
    const after = batch.length < limit ? '' : (batch.at(-1)?._id ?? '');
    await this.#marks.updateOne({ _id: this.#init.mark }, { $set: { after } }, { upsert: true });
    return result;
  }
}
