import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { OrderArchive, type ArchiveStep, type StepHook } from '../../orders/store/order-archive.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { OrderWalk } from '../../orders/store/order-walk.ts';
import { OpenThings, type Keeps } from './open-things.ts';

/** Orders that one round looks at. */
export const ARCHIVE_BATCH = 100;

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
  readonly #walk: OrderWalk<OrderDocument>;

  constructor(init: ArchiverInit) {
    this.#init = init;
    this.#archive = new OrderArchive(init.db);
    this.#things = new OpenThings(init.db, init.clock);
    this.#walk = new OrderWalk(init.db, { collection: 'orders', mark: 'order-archive' });
  }

  /** One round; gives how many orders it looked at. What an earlier one left half done is ended first. */
  async round(): Promise<number> {
    const { clock, months } = this.#init;
    await this.#archive.settle();
    if (months === 0) return 0;
    const now = new Date(clock.now());
    const before = new Date(now);
    before.setUTCMonth(before.getUTCMonth() - months);
    return this.#walk.next(before, ARCHIVE_BATCH, async (batch) => {
      await this.#take(
        batch.filter(({ updatedAt }) => updatedAt < before),
        now,
      );
      return batch.length;
    });
  }

  async #take(old: readonly OrderDocument[], now: Date): Promise<void> {
    const copies = await this.#archive.dropCopiesOf(old.map(({ _id }) => _id));
    if (copies > 0)
      this.#init.log.warn({ moved: copies }, 'orders lay in the archive as well; those copies went');
    const kept = await this.#things.of(old);
    let moved = 0;
    for (const order of old) {
      if (kept.has(order._id)) continue;
      const step: StepHook = (done) => this.#init.step?.(order._id, done);
      if (await this.#archive.take(order, now, step)) moved += 1;
    }
    if (moved > 0) this.#init.log.info({ moved, kept: countsOf(kept) }, 'old orders went into the archive');
  }
}

function countsOf(kept: ReadonlyMap<string, Keeps>): Partial<Record<Keeps, number>> {
  const counts: Partial<Record<Keeps, number>> = {};
  for (const why of kept.values()) counts[why] = (counts[why] ?? 0) + 1;
  return counts;
}
