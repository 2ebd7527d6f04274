import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { isDuplicateKey } from '../../adapters/mongo/durable.ts';
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
/** Begins the token of a copy that is on its way back: that move is ended by going on, never by laying the token down. */
const WAY_BACK = 'back:';

/**
 * Orders at rest that are out of the way. An order is in one of both collections, or in both while it moves; what is among the orders
 * always counts. A move is: the order takes a token, is copied with it, the copy is read again and compared, the order is deleted
 * if it is still as copied and still has the token, the copy lays the token down. A process that finds a copy with
 * such a token takes the order's token away first, so that the process that still holds it deletes nothing any more.
 * The way back has tokens of its own: the copy takes one, the order is inserted unless it is there, the copy with
 * that token is deleted; a process that finds one goes on with it.
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
    const taking = [
      ...(saleSlot === undefined ? [] : [{ saleSlot }]),
      ...(transactions.length === 0 ? [] : [{ transactions: { $in: transactions } }]),
    ];
    if (taking.length === 0) return undefined;
    const found = await this.#archive.find({ $or: taking }, { projection: { saleSlot: 1 } }).toArray();
    if (found.length === 0) return undefined;
    const isSlot = saleSlot !== undefined && found.some((order) => order.saleSlot === saleSlot);
    return isSlot ? 'slot-taken' : 'transaction-taken';
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
    // Another process carries it, too, or has taken its copy away: that one or the next round sees to it.
    if (kept?.moving !== token) {
      await this.#giveUp(_id, token);
      return false;
    }
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
    const token = `${WAY_BACK}${randomUUID()}`;
    // Another process may carry the same order at the same moment, either way: until it is not in here any more.
    for (;;) {
      const found = await this.#archive.findOneAndUpdate(
        { _id: orderNo },
        { $set: { moving: token } },
        { returnDocument: 'after' },
      );
      if (found === null || (await this.#putBack(found, token))) return;
    }
  }

  /** Ends what was cut off, each the way it went; gives how many that were. What is among the orders stays there. */
  async settle(): Promise<number> {
    const moving = await this.#archive
      .find({ moving: { $gt: '' } })
      .limit(MOVING_AT_ONCE)
      .toArray();
    for (const copy of moving) {
      if (copy.moving?.startsWith(WAY_BACK) === true) await this.#putBack(copy, copy.moving);
      else if (copy.moving !== undefined) await this.#giveUp(copy._id, copy.moving);
    }
    return moving.length;
  }

  /**
   * Which of these, all among the orders, lie in the archive as well though they are not being moved: those copies
   * go. Gives how many that were. Only a process that stood still for a whole way out and back, or an older version,
   * leaves one.
   */
  async dropCopiesOf(orderNos: readonly string[]): Promise<number> {
    const copies = await this.#archive
      .find({ _id: { $in: [...orderNos] }, moving: { $exists: false } }, { projection: { _id: 1 } })
      .toArray();
    for (const { _id } of copies) await this.bringBack(_id);
    return copies.length;
  }

  /** The second half of the way back, which anybody may do, and also twice; true where the copy is gone by it. */
  async #putBack(copy: ArchivedDocument, token: string): Promise<boolean> {
    const { archivedAt: _, moving: __, ...order } = copy;
    try {
      await this.#orders.insertOne(order);
    } catch (error) {
      // It is there already: another process brought it back, or it never left.
      if (!isDuplicateKey(error) || (await this.#orders.findOne({ _id: copy._id })) === null) throw error;
    }
    return this.#dropCopy(copy._id, token);
  }

  /** The end of a way out: where the order is still there the copy goes, or else lays the token down. */
  async #giveUp(_id: string, token: string): Promise<void> {
    if (await this.#dropCopy(_id, token)) return;
    await this.#archive.updateOne({ _id, moving: token }, { $unset: { moving: 1 } });
  }

  /**
   * Where the order is among the orders its copy goes, if it has this token: first no process that carries it out can
   * delete it any more. False where either was not so.
   */
  async #dropCopy(_id: string, token: string): Promise<boolean> {
    const { matchedCount } = await this.#orders.updateOne({ _id }, { $unset: { archiving: 1 } });
    if (matchedCount === 0) return false;
    return (await this.#archive.deleteOne({ _id, moving: token })).deletedCount > 0;
  }
}
