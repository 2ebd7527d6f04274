import type { OrderState } from '@bianmin/purchase/api/order';
import type { Connection, mongo } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import { covers, within, type Scope } from '../../kernel/scope.ts';
import type { Dues, Order } from '../model/order.ts';
import { shardOf, SHARDS } from '../../kernel/shards.ts';
import { UNSETTLED_STATES } from '../model/state.ts';
import { Batches } from '../../kernel/batches.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { isDuplicateKey, type WriteCounter } from '../../adapters/mongo/durable.ts';
import { MOVABLE } from './movable-fields.ts';
import { OrderArchive } from './order-archive.ts';
import {
  documentOf,
  openRefundsOf,
  orderOfDocument,
  owingFloatsOf,
  takingOf,
  transactionsOf,
} from './order-document.ts';
import type { OrderPage, OrderQuery } from './order-query.ts';
import { OrderReader } from './order-reader.ts';
import { orderSchema, type OrderDocument } from './order-schema.ts';
import type {
  HouseholdAtGrid,
  MeterQuestion,
  OfCashOwed,
  OpenRefundStatus,
  OrderStore,
  Replaced,
} from './orders.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';

/** Facts with a status of their own: a move names the one it started from, besides the version. */
const STATUSED = ['sale', 'reversal', 'write', 'credit', 'closure'] as const;

/** What has not begun may not be stored at all, as the credit of an order by card. */
function storedStatus({ status }: { readonly status: string }): unknown {
  return status === 'none' ? { $in: ['none', null] } : status;
}

/** Orders in MongoDB: one document each, compare-and-set, unique and sparse indexes, nothing else. */
export class MongoOrderStore implements OrderStore {
  readonly #model;
  readonly #collection;
  readonly #archive: OrderArchive;
  readonly #reader: OrderReader;
  readonly #seal: NumberSeal;
  readonly #wrote: WriteCounter;
  /** Orders that are asked for at the same moment are read together. */
  readonly #reads = new Batches<string, Order | null>((numbers) => this.#readAll(numbers), {
    most: 100,
    atOnce: 4,
  });

  /** Without a clock, searches without an end look at all orders at once. */
  constructor(init: { db: Connection; seal: NumberSeal; wrote: WriteCounter; clock?: Pick<Clock, 'now'> }) {
    this.#model = init.db.model<OrderDocument>('Order', orderSchema);
    this.#collection = collectionOf<OrderDocument>(init.db, 'orders');
    this.#archive = new OrderArchive(init.db);
    this.#seal = init.seal;
    this.#reader = new OrderReader({
      orders: this.#collection,
      archive: this.#archive.collection as unknown as mongo.Collection<OrderDocument>,
      seal: init.seal,
      clock: init.clock,
    });
    this.#wrote = init.wrote;
  }

  async prepare(): Promise<void> {
    await Promise.all([this.#model.createIndexes(), this.#archive.prepare()]);
  }

  async insert(order: Order): Promise<'inserted' | 'exists'> {
    this.#wrote('order');
    try {
      await this.#collection.insertOne(documentOf(order, this.#seal));
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  get(orderNo: string): Promise<Order | null> {
    return this.#reads.do(orderNo);
  }

  async getWithin(orderNo: string, scope: Scope): Promise<Order | null> {
    const order = await this.get(orderNo);
    return order !== null && covers(scope, order.orgPath) ? order : null;
  }

  byIdempotencyKey(terminalId: string, key: string): Promise<Order | null> {
    return this.#reader.one({ terminalId, idempotencyKey: key });
  }

  bySaleSlot(saleSlot: string): Promise<Order | null> {
    return this.#reader.one({ saleSlot });
  }

  async unsettledOfMeter(grid: string, meterNo: string): Promise<Order[]> {
    return this.#unsettled({ meterNo, grid }, { createdAt: 1 });
  }

  async aboutMeter(question: MeterQuestion): Promise<Order[]> {
    const found = await this.#reader.aboutMeter(question);
    return found.map((document) => orderOfDocument(document, this.#seal));
  }

  async unsettledOfCard(grid: string, serial: string): Promise<Order[]> {
    return this.#unsettled({ serial, grid }, { _id: 1 });
  }

  async #unsettled(of: mongo.Filter<OrderDocument>, sort: Record<string, 1>): Promise<Order[]> {
    const filter = { ...of, state: { $in: [...UNSETTLED_STATES] } };
    const found = await this.#collection.find(filter).sort(sort).toArray();
    return found.map((document) => orderOfDocument(document, this.#seal));
  }

  async replace(before: Order, after: Order): Promise<Replaced> {
    this.#wrote('move');
    if (before.archivedAt !== undefined) await this.#archive.bringBack(before._id);
    const refused = await this.#archive.refuses(takingOf(before, after));
    if (refused !== undefined) return refused;
    const filter: Record<string, unknown> = { _id: before._id, version: before.version };
    for (const fact of STATUSED) {
      if (before[fact] !== after[fact]) filter[`${fact}.status`] = storedStatus(before[fact]);
    }
    try {
      const { matchedCount } = await this.#collection.updateOne(filter, updateOf(before, after));
      return matchedCount === 0 ? 'conflict' : 'moved';
    } catch (error) {
      if (isDuplicateKey(error, 'saleSlot')) return 'slot-taken';
      if (isDuplicateKey(error, 'transactions')) return 'transaction-taken';
      throw error;
    }
  }

  async postpone(order: Order, dueAt: Date | null, dues?: Dues): Promise<void> {
    this.#wrote('postpone');
    if (order.archivedAt !== undefined) await this.#archive.bringBack(order._id);
    const update: mongo.UpdateFilter<OrderDocument> =
      dueAt === null
        ? { $unset: { dueAt: 1, dues: 1, dueShard: 1 } }
        : {
            $set: { dueAt, ...(dues === undefined ? {} : { dues }), dueShard: shardOf(order._id) },
            ...(dues === undefined ? { $unset: { dues: 1 } } : {}),
          };
    await this.#collection.updateOne({ _id: order._id, version: order.version }, update);
  }

  async due(now: Date, of: { shard: number; limit: number }): Promise<string[]> {
    const found = await this.#collection
      .find({ dueShard: of.shard, dueAt: { $lte: now } }, { projection: { _id: 1 } })
      .sort({ dueAt: 1 })
      .limit(of.limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async dueAfter(after: Date, limit: number): Promise<{ orderNo: string; version: number }[]> {
    const found = await this.#collection
      .find({ dueShard: { $gte: 0 }, dueAt: { $gt: after } }, { projection: { version: 1 } })
      .limit(limit)
      .toArray();
    return found.map(({ _id, version }) => ({ orderNo: _id, version }));
  }

  async oldestMoving(): Promise<Date | null> {
    const [oldest] = await this.#collection
      .find({ dueShard: { $gte: 0 } }, { projection: { createdAt: 1 } })
      .sort({ createdAt: 1 })
      .limit(1)
      .toArray();
    return oldest?.createdAt ?? null;
  }

  async countOf(state: OrderState, most: number): Promise<number> {
    return this.#collection.countDocuments({ state }, { limit: most });
  }

  async faceFenIn(states: readonly OrderState[]): Promise<number> {
    const [sum] = await this.#collection
      .aggregate<{ fen: number }>([
        { $match: { state: { $in: [...states] } } },
        { $group: { _id: null, fen: { $sum: '$faceFen' } } },
      ])
      .toArray();
    return sum?.fen ?? 0;
  }

  async dueSince(now: Date): Promise<Date | null> {
    const shards = Array.from({ length: SHARDS }, (_, dueShard) =>
      this.#collection
        .find({ dueShard, dueAt: { $lte: now } }, { projection: { dueAt: 1 } })
        .sort({ dueAt: 1 })
        .limit(1)
        .toArray(),
    );
    const times = (await Promise.all(shards)).flat().flatMap(({ dueAt }) => dueAt?.getTime() ?? []);
    return times.length === 0 ? null : new Date(Math.min(...times));
  }

  async withRefunds(statuses: readonly OpenRefundStatus[], limit: number, scope: Scope): Promise<Order[]> {
    const found = await this.#collection
      .find({ openRefunds: { $in: [...statuses] }, ...within(scope) })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map((document) => orderOfDocument(document, this.#seal));
  }

  async withCashOwed({ float, after, limit }: OfCashOwed, scope: Scope): Promise<Order[]> {
    const found = await this.#collection
      .find({
        cashOwed: float ?? { $gt: '' },
        ...(after === undefined ? {} : { _id: { $gt: after } }),
        ...within(scope),
      })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map((document) => orderOfDocument(document, this.#seal));
  }

  async changedSince(terminalId: string, since: Date, limit: number): Promise<Order[]> {
    const found = await this.#collection
      .find({ watchers: terminalId, updatedAt: { $gte: since } })
      .sort({ updatedAt: 1 })
      .limit(limit)
      .toArray();
    return found.map((document) => orderOfDocument(document, this.#seal));
  }

  purchasesOf(of: HouseholdAtGrid, page: { limit: number; before?: string }): Promise<Order[]> {
    return this.#reader.purchasesOf(of, page);
  }

  search(query: OrderQuery, page: OrderPage, scope: Scope): Promise<Order[]> {
    return this.#reader.search(query, page, scope);
  }

  /** Each by itself: one that does not open keeps no other from the caller. */
  async #readAll(numbers: readonly string[]): Promise<PromiseSettledResult<Order | null>[]> {
    const byNumber = await this.#reader.byNumber(numbers);
    return numbers.map((orderNo) => {
      const document = byNumber.get(orderNo);
      if (document === undefined) return { status: 'fulfilled', value: null };
      try {
        return { status: 'fulfilled', value: orderOfDocument(document, this.#seal) };
      } catch (reason) {
        return { status: 'rejected', reason };
      }
    });
  }
}

/** What differs between two versions of an order, as one update. */
function updateOf(before: Order, after: Order): Record<string, Record<string, unknown>> {
  const set: Record<string, unknown> = {};
  const unset: Record<string, 1> = {};
  for (const field of MOVABLE) {
    if (before[field] === after[field]) continue;
    if (after[field] === null || after[field] === undefined) unset[field] = 1;
    else set[field] = after[field];
  }
  const transactions = transactionsOf(after);
  if (transactions.length > 0 && before.payments !== after.payments) set['transactions'] = transactions;
  if (before.dueAt !== after.dueAt) {
    if (after.dueAt === null) unset['dueShard'] = 1;
    else set['dueShard'] = shardOf(after._id);
  }
  if (before.refunds !== after.refunds) {
    const open = openRefundsOf(after);
    if (open.length > 0) set['openRefunds'] = open;
    else unset['openRefunds'] = 1;
    const owing = owingFloatsOf(after);
    if (owing.length > 0) set['cashOwed'] = owing;
    else unset['cashOwed'] = 1;
  }
  const events = after.events.slice(before.events.length);
  return {
    $set: set,
    ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}),
    ...(events.length > 0 ? { $push: { events: { $each: events } } } : {}),
  };
}
