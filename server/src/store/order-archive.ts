import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Connection, mongo } from 'mongoose';
import { collectionOf } from './connection.ts';
import { isDuplicateKey } from './durable.ts';
import type { OrderDocument } from './order-schema.ts';

/** An order that lies in the archive, or is on its way there or back. */
export interface ArchivedDocument extends OrderDocument {
  readonly archivedAt: Date;
  /** On its way, by this token: it may be among the orders as well, and then that one counts. */
  readonly moving?: string;
}

/** What no two orders may have: a sale slot, payments' `channel:transactionId`. */
export interface Taking {
  readonly saleSlot: string | undefined;
  readonly transactions: readonly string[];
}

/** Where it could be cut off; tests do. */
export type ArchiveStep = 'marked' | 'copied' | 'verified' | 'deleted';
export type StepHook = (done: ArchiveStep) => void | Promise<void>;

export const ORDER_ARCHIVE = 'orders_archive';
const MOVING_AT_ONCE = 100;

/**
 * Orders at rest that are out of the way. An order is in one of both collections, or in both while it moves; what is among the orders
 * always counts. A move is: the order takes a token, is copied with it, the copy is read again and compared, the order is deleted
 * if it is still as copied and still has the token, the copy lays the token down. Whoever finds a copy with a token takes the
 * order's token away first, so that who still holds it deletes nothing any more.
 */
export class OrderArchive {
  readonly #orders: mongo.Collection<OrderDocument>;
  readonly #archive: mongo.Collection<ArchivedDocument>;

  constructor(db: Connection) {
    this.#orders = collectionOf<OrderDocument>(db, 'orders');
    this.#archive = collectionOf<ArchivedDocument>(db, ORDER_ARCHIVE);
  }

  /** The documents themselves, for readers. */
  get collection(): mongo.Collection<ArchivedDocument> {
    return this.#archive;
  }

  async prepare(): Promise<void> {
    await this.#archive.createIndexes([
      { key: { customerNo: 1, _id: 1 } },
      { key: { serial: 1, _id: 1 } },
      { key: { terminalId: 1, _id: 1 } },
      { key: { state: 1, _id: 1 } },
      { key: { orgPath: 1, _id: 1 } },
      { key: { orgPath: 1, state: 1, _id: 1 } },
      { key: { meterNo: 1 } },
      { key: { updatedAt: 1, _id: 1 } },
      { key: { terminalId: 1, idempotencyKey: 1 } },
      { key: { saleSlot: 1 }, sparse: true },
      { key: { transactions: 1 }, sparse: true },
      { key: { moving: 1 }, sparse: true },
    ]);
  }

  /**
   * Which of what an order is about to take for itself alone an order in here has already. Among the orders themselves a unique
   * index refuses it.
   */
  async refuses({ saleSlot, transactions }: Taking): Promise<'slot-taken' | 'transaction-taken' | undefined> {
    const has = async (filter: mongo.Filter<ArchivedDocument>): Promise<boolean> =>
      (await this.#archive.findOne(filter, { projection: { _id: 1 } })) !== null;
    const [slot, transaction] = await Promise.all([
      saleSlot !== undefined && has({ saleSlot }),
      transactions.length > 0 && has({ transactions: { $in: transactions } }),
    ]);
    if (slot) return 'slot-taken';
    return transaction ? 'transaction-taken' : undefined;
  }

  /**
   * Moves one order that is at rest as it was read; false where it has moved since, and stays. `step` is told of each step as it
   * is done.
   */
  async take(read: OrderDocument, at: Date, step: StepHook = () => undefined): Promise<boolean> {
    const { _id, version } = read;
    const token = randomUUID();
    const same = { _id, version, dueAt: { $exists: false } };
    const marked = await this.#orders.findOneAndUpdate(
      same,
      { $set: { archiving: token } },
      { returnDocument: 'after' },
    );
    if (marked === null) return false;
    await step('marked');
    const { archiving: _, ...order } = marked;
    const copy: ArchivedDocument = { ...order, archivedAt: at, moving: token };
    await this.#archive.replaceOne({ _id }, copy, { upsert: true });
    await step('copied');
    const kept = await this.#archive.findOne({ _id });
    if (!isDeepStrictEqual(kept, copy)) {
      await this.#giveUp(_id, token);
      throw new Error(`The archive does not keep the order ${_id} as it is. Nothing was deleted.`);
    }
    await step('verified');
    // Also a name that was blanked meanwhile is a change: it changes the sealed number.
    const { deletedCount } = await this.#orders.deleteOne({
      ...same,
      archiving: token,
      customerNo: order.customerNo,
    });
    if (deletedCount === 0) {
      await this.#giveUp(_id, token);
      return false;
    }
    await step('deleted');
    await this.#archive.updateOne({ _id, moving: token }, { $unset: { moving: 1 } });
    return true;
  }

  /** Among the orders again, since something is to be done with it. Nothing where it is not in the archive. */
  async bringBack(orderNo: string): Promise<void> {
    const token = randomUUID();
    const found = await this.#archive.findOneAndUpdate(
      { _id: orderNo },
      { $set: { moving: token } },
      { returnDocument: 'after' },
    );
    if (found === null) return;
    const { archivedAt: _, moving: __, ...order } = found;
    try {
      await this.#orders.insertOne(order);
    } catch (error) {
      // It is there already: somebody brought it back, or it never left.
      if (!isDuplicateKey(error) || (await this.#orders.findOne({ _id: orderNo })) === null) throw error;
    }
    // Somebody may have ended this move meanwhile, as one that was cut off.
    await this.#archive.updateOne({ _id: orderNo, moving: { $exists: false } }, { $set: { moving: token } });
    await this.#giveUp(orderNo, token);
  }

  /** Ends what was cut off; gives how many that were. What is among the orders stays there. */
  async settle(): Promise<number> {
    const moving = await this.#archive
      .find({ moving: { $gt: '' } }, { projection: { _id: 1, moving: 1 } })
      .limit(MOVING_AT_ONCE)
      .toArray();
    for (const { _id, moving: token } of moving) if (token !== undefined) await this.#giveUp(_id, token);
    return moving.length;
  }

  /** Where the order is still there the copy goes, and nobody who holds the token can delete the order any more. */
  async #giveUp(_id: string, token: string): Promise<void> {
    const { matchedCount } = await this.#orders.updateOne({ _id }, { $unset: { archiving: 1 } });
    if (matchedCount > 0) await this.#archive.deleteOne({ _id, moving: token });
    else await this.#archive.updateOne({ _id, moving: token }, { $unset: { moving: 1 } });
  }
}
