import { mongo, type Connection } from 'mongoose';
import { dayPlus, startOfDay } from '../../kernel/china-time.ts';
import { firstOrderNo } from '../model/order-no.ts';
import { sideBySide } from '../../kernel/side-by-side.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DocumentFields } from '../../adapters/mongo/document-fields.ts';
import { ORDER_ARCHIVE } from './order-archive.ts';
import type { OrderDocument } from './order-schema.ts';

/** A projection of stored orders. */
export type OrderFields = Readonly<Record<string, 1>>;

/** From the first to the last, YYYY-MM-DD, both included. */
export interface DayRange {
  readonly first: string;
  readonly last: string;
}

/** What the database is asked for, and how it comes. */
interface Question {
  readonly filter: mongo.Filter<OrderDocument>;
  readonly options: mongo.FindOptions;
}

/** Orders in one answer of the database: a megabyte or two. */
const BATCH = 2000;
/**
 * So many parts of the time are asked for one after the other, or each hour: some databases make all that was asked for
 * before they answer, and the numbers of a part are remembered.
 */
const MOST_PARTS = 48;
const HOUR_MS = 3_600_000;
/** While one answer is worked on the database makes the next ones. */
const AT_ONCE = 3;
/** By how much a channel's clock, which says when was paid, may be ahead of ours, which says when an order changed. */
const AHEAD_MS = HOUR_MS;
/** Told by name: else a database may read every older order by its number, or each order that it finds in here. */
const BY_CHANGE = { updatedAt: 1, _id: 1 } as const;

/**
 * Orders that may have something of certain days, streamed, also from the archive: those made on them (a number begins with its
 * moment in China), and older ones that changed since. Which of their facts are of which day is for who reads.
 */
export class OrderDays<T> {
  readonly #orders: mongo.Collection<OrderDocument>;
  readonly #archive: mongo.Collection<OrderDocument>;
  readonly #fields: OrderFields;

  constructor(db: Connection, fields: OrderFields) {
    this.#orders = collectionOf(db, 'orders');
    this.#archive = collectionOf(db, ORDER_ARCHIVE);
    this.#fields = fields;
  }

  /** One by one, in no order. */
  read(days: DayRange): AsyncGenerator<T> {
    return this.#decoded(this.documents(days, this.#fields));
  }

  /** Every order of a meter. */
  ofMeter(meterNo: string): AsyncGenerator<T> {
    return this.#decoded(this.#once({ filter: { meterNo }, options: { projection: this.#fields } }));
  }

  /**
   * What `read` reads, with these fields and as it is stored, for who has to do with a million of them: documents that wait
   * as bytes are nothing that has to be cleared up.
   */
  documents({ first, last }: DayRange, fields: OrderFields): AsyncGenerator<readonly Buffer[]> {
    const [from, to] = [startOfDay(first).getTime(), startOfDay(dayPlus(last, 1)).getTime()];
    const numberAt = (ms: number): string => firstOrderNo(new Date(ms));
    const partMs = Math.max(HOUR_MS, (to - from) / MOST_PARTS);
    const parts: Question[] = [];
    for (let at = from; at < to; at += partMs) {
      const filter = { _id: { $gte: numberAt(at), $lt: numberAt(Math.min(at + partMs, to)) } };
      parts.push({ filter, options: { projection: fields } });
    }
    parts.push({
      filter: { updatedAt: { $gte: new Date(from - AHEAD_MS) }, _id: { $lt: numberAt(from) } },
      options: { projection: fields, sort: BY_CHANGE, hint: BY_CHANGE },
    });
    return sideBySide(
      parts.map((part) => this.#once(part)),
      AT_ONCE,
    );
  }

  /** One order, or null. */
  async get(orderNo: string): Promise<T | null> {
    return (await this.some([orderNo]))[0] ?? null;
  }

  /** Those of them that there are; one may go into the archive, or come back, meanwhile. */
  async some(orderNos: readonly string[]): Promise<T[]> {
    const found: unknown[] = [];
    const missing = new Set(orderNos);
    for (const collection of [this.#orders, this.#archive, this.#orders]) {
      if (missing.size === 0) break;
      const options = { projection: this.#fields, batchSize: BATCH };
      for (const order of await collection.find({ _id: { $in: [...missing] } }, options).toArray()) {
        missing.delete(order._id);
        found.push(order);
      }
    }
    return found as T[];
  }

  async *#decoded(batches: AsyncIterable<readonly Buffer[]>): AsyncGenerator<T> {
    for await (const batch of batches) {
      for (const document of batch) yield mongo.BSON.deserialize(document) as T;
    }
  }

  /** Each once, also one that goes into the archive while this reads. */
  async *#once(question: Question): AsyncGenerator<readonly Buffer[]> {
    const fields = new DocumentFields(['_id']);
    const numberOf = (document: Buffer): string => {
      fields.look(document);
      return fields.text('_id') ?? '';
    };
    const seen = new Set<string>();
    for await (const batch of answersOf(this.#orders, question)) {
      for (const document of batch) seen.add(numberOf(document));
      yield batch;
    }
    for await (const batch of answersOf(this.#archive, question)) {
      yield batch.filter((document) => !seen.has(numberOf(document)));
    }
  }
}

async function* answersOf(
  collection: mongo.Collection<OrderDocument>,
  { filter, options }: Question,
): AsyncGenerator<readonly Buffer[]> {
  const cursor = collection.find(filter, { ...options, batchSize: BATCH, raw: true });
  try {
    while (await cursor.hasNext()) yield cursor.readBufferedDocuments() as unknown as Buffer[];
  } finally {
    await cursor.close();
  }
}
