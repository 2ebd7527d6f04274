import type { Clock } from '@bianmin/shared/clock';
import type { Connection, mongo } from 'mongoose';
import type { Logger } from 'pino';
import { firstOrderNo } from '../domain/order-no.ts';
import { collectionOf } from '../store/connection.ts';
import { OrderArchive, type ArchiveStep, type StepHook } from '../store/order-archive.ts';
import type { OrderDocument } from '../store/order-schema.ts';
import { OpenThings, type Keeps } from './open-things.ts';

/** Orders that one round looks at. */
export const ARCHIVE_BATCH = 100;
const MARK = 'order-archive';

export interface ArchiverInit {
  readonly db: Connection;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  /** Orders that last changed longer ago than this many months may go; 0: none does. */
  readonly months: number;
  /** Told of each step; tests cut it off there. */
  readonly step?: (orderNo: string, done: ArchiveStep) => void | Promise<void>;
}

/** Moves old orders at rest into the archive, a batch a round, and begins again once it has come to the end. */
export class Archiver {
  readonly #init: ArchiverInit;
  readonly #archive: OrderArchive;
  readonly #things: OpenThings;
  readonly #orders: mongo.Collection<OrderDocument>;
  readonly #marks: mongo.Collection<{ _id: string; after: string }>;

  constructor(init: ArchiverInit) {
    this.#init = init;
    this.#archive = new OrderArchive(init.db);
    this.#things = new OpenThings(init.db);
    this.#orders = collectionOf(init.db, 'orders');
    this.#marks = collectionOf(init.db, 'retentionmarks');
  }

  /** One round; gives how many orders it looked at. What an earlier one left half done is ended first. */
  async round(): Promise<number> {
    const { clock, months, log } = this.#init;
    await this.#archive.settle();
    if (months === 0) return 0;
    const now = new Date(clock.now());
    const before = new Date(now);
    before.setUTCMonth(before.getUTCMonth() - months);
    const after = (await this.#marks.findOne({ _id: MARK }))?.after ?? '';
    const found = await this.#orders
      .find({ _id: { $gt: after, $lt: firstOrderNo(before) } })
      .sort({ _id: 1 })
      .limit(ARCHIVE_BATCH)
      .toArray();
    const old = found.filter(({ updatedAt }) => updatedAt < before);
    const kept = await this.#things.of(old);
    let moved = 0;
    for (const order of old) {
      if (kept.has(order._id)) continue;
      const step: StepHook = (done) => this.#init.step?.(order._id, done);
      if (await this.#archive.take(order, now, step)) moved += 1;
    }
    const last = found.length < ARCHIVE_BATCH ? '' : (found.at(-1)?._id ?? '');
    await this.#marks.updateOne({ _id: MARK }, { $set: { after: last } }, { upsert: true });
    if (moved > 0) log.info({ moved, kept: countsOf(kept) }, 'old orders went into the archive');
    return found.length;
  }
}

function countsOf(kept: ReadonlyMap<string, Keeps>): Partial<Record<Keeps, number>> {
  const counts: Partial<Record<Keeps, number>> = {};
  for (const why of kept.values()) counts[why] = (counts[why] ?? 0) + 1;
  return counts;
}
