import type { Clock } from '@bianmin/card/clock';
import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** A sum that is set aside for an order until the order has ended. */
export interface Hold {
  /** Never used again, also not for the same order. */
  readonly _id: string;
  readonly orderNo: string;
  readonly fen: number;
  readonly at: Date;
  /** The cap in which the same order holds the same sum. */
  readonly capId: string;
}

export type HoldEnd = 'spent' | 'left';

/** A hold, and how it ended. */
export interface EndedHold {
  readonly hold: Hold;
  readonly as: HoldEnd;
}

/** What a rule gives in all. left + held + spent is always what it was made with. */
export interface Budget {
  /** The rule's id. */
  readonly _id: string;
  readonly leftFen: number;
  readonly heldFen: number;
  readonly spentFen: number;
}

interface StoredBudget extends Budget {
  /** Held, and perhaps not among the holds yet: few. */
  readonly arriving: readonly Hold[];
  /** Not held any more, and perhaps still among the open holds: one batch. */
  readonly ending: readonly { readonly hold: string; readonly as: HoldEnd }[];
  /** Counts up as a batch begins and as it ends. */
  readonly round: number;
  /** As the version before had it. */
  readonly holds?: readonly Omit<Hold, '_id'>[];
}

interface StoredHold extends Hold {
  readonly budget: string;
  /** Absent once it has ended. */
  readonly open?: true;
  readonly as?: HoldEnd;
  readonly endedAt?: Date;
}

/** More than these, and the call that holds something moves them out of the budget. */
const MOST_ARRIVING = 32;
/** How many holds end in one change of their budget. */
const BATCH = 200;
const DAY_S = 86_400;
/** Ended holds stay so long: a process that stood still while they ended must find them ended. */
const ENDED_HOLDS_KEPT_DAYS = 400;

/**
 * Budgets, and their holds in documents of their own (docs/decisions/0031). Money moves inside the budget alone, in one change:
 * from left to held together with the hold's arrival, from held to spent or left together with the batch of holds that ended. A hold
 * is then written among the others, or marked as ended there; both can be done again, by anybody. The batch only counts if no other
 * one was begun since its holds were read, which `round` tells: so no hold ends twice.
 */
export class BudgetStore {
  readonly #budgets: mongo.Collection<StoredBudget>;
  readonly #holds: mongo.Collection<StoredHold>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(db: Connection, clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#budgets = collectionOf<StoredBudget>(db, 'discountbudgets');
    this.#holds = collectionOf<StoredHold>(db, 'discountholds');
  }

  async prepare(): Promise<void> {
    await this.#holds.createIndexes([
      { key: { budget: 1, open: 1, _id: 1 } },
      { key: { orderNo: 1, budget: 1, open: 1 } },
      { key: { endedAt: 1 }, expireAfterSeconds: ENDED_HOLDS_KEPT_DAYS * DAY_S },
    ]);
  }

  /** Nothing where it is there already. */
  async make(id: string, fen: number): Promise<void> {
    const made = { _id: id, leftFen: fen, heldFen: 0, spentFen: 0, arriving: [], ending: [], round: 0 };
    try {
      await this.#budgets.insertOne(made);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async get(id: string): Promise<Budget | null> {
    return this.#budgets.findOne({ _id: id }, { projection: { leftFen: 1, heldFen: 1, spentFen: 1 } });
  }

  /** Those in which something is held. */
  async holding(): Promise<string[]> {
    const found = await this.#budgets.find({ heldFen: { $gt: 0 } }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** Holds that the version before kept inside their budgets arrive like new ones. It may still be running. */
  async takeOver(): Promise<void> {
    const old = await this.#budgets.find({ holds: { $exists: true } }).toArray();
    for (const { _id, holds = [], ending } of old) {
      const arriving = holds.map((hold) => ({ ...hold, _id: `${_id}:${hold.orderNo}` }));
      await this.#budgets.updateOne(
        { _id, holds, ending: { $exists: ending !== undefined } },
        {
          $inc: { heldFen: holds.reduce((sum, { fen }) => sum + fen, 0), round: 0 },
          $push: { arriving: { $each: arriving } },
          ...(ending === undefined ? { $set: { ending: [] } } : {}),
          $unset: { holds: 1 },
        },
      );
    }
  }

  /** False where not so much is left, or the order's hold is just arriving. */
  async reserve(id: string, hold: Hold): Promise<boolean> {
    const { orderNo, fen } = hold;
    const after = await this.#budgets.findOneAndUpdate(
      { _id: id, leftFen: { $gte: fen }, 'arriving.orderNo': { $ne: orderNo } },
      { $inc: { leftFen: -fen, heldFen: fen }, $push: { arriving: hold } },
      { returnDocument: 'after', projection: { arriving: 1 } },
    );
    if (after === null) return false;
    if (after.arriving.length >= MOST_ARRIVING) await this.#moveOut(id, after.arriving);
    return true;
  }

  /** What an order holds in a budget. */
  async holdsOf(orderNo: string, id: string): Promise<Hold[]> {
    await this.#settleIn(id);
    return this.#holds.find({ orderNo, budget: id, open: true }).toArray();
  }

  /**
   * Goes through all that a budget holds, a batch at a time: `endOf` says which of them have ended, and how. Gives how many that
   * were; a batch that another process came before is left to the next time.
   */
  async end(id: string, endOf: (holds: readonly Hold[]) => Promise<readonly EndedHold[]>): Promise<number> {
    let ended = 0;
    for (let after = ''; ;) {
      const batch = await this.#open(id, { _id: { $gt: after } });
      const last = batch?.holds.at(-1);
      if (batch === undefined || last === undefined) return ended;
      ended += await this.#endBatch(id, batch.round, await endOf(batch.holds));
      after = last._id;
    }
  }

  /** Ends these; gives how many: 0 where they had ended, or others end just now. */
  async endThose(id: string, ends: readonly EndedHold[]): Promise<number> {
    const batch = await this.#open(id, { _id: { $in: ends.map(({ hold }) => hold._id) } });
    if (batch === undefined) return 0;
    const stillOpen = new Set(batch.holds.map(({ _id }) => _id));
    return this.#endBatch(
      id,
      batch.round,
      ends.filter(({ hold }) => stillOpen.has(hold._id)),
    );
  }

  /** The round, and open holds as they were in it or later: of those, only a batch of a later round can have ended one. */
  async #open(
    id: string,
    which: mongo.Filter<StoredHold>,
  ): Promise<{ round: number; holds: Hold[] } | undefined> {
    const round = await this.#settleIn(id);
    if (round === undefined) return undefined;
    const found = this.#holds.find({ ...which, budget: id, open: true });
    return { round, holds: await found.sort({ _id: 1 }).limit(BATCH).toArray() };
  }

  /** Ends these as one batch of that round; 0 where it was not that round any more. */
  async #endBatch(id: string, round: number, ends: readonly EndedHold[]): Promise<number> {
    if (ends.length === 0) return 0;
    const sum = (as: HoldEnd): number =>
      ends.reduce((fen, each) => fen + (each.as === as ? each.hold.fen : 0), 0);
    const [spentFen, leftFen] = [sum('spent'), sum('left')];
    const ending = ends.map(({ hold, as }) => ({ hold: hold._id, as }));
    const { matchedCount } = await this.#budgets.updateOne(
      { _id: id, round },
      { $inc: { round: 1, heldFen: -spentFen - leftFen, spentFen, leftFen }, $set: { ending } },
    );
    if (matchedCount === 0) return 0;
    await this.#settleIn(id);
    return ends.length;
  }

  /** Brings the holds in line with what their budget says of them; gives its round, undefined where there is no such budget. */
  async #settleIn(id: string): Promise<number | undefined> {
    const budget = await this.#budgets.findOne({ _id: id });
    if (budget === null) return undefined;
    const { arriving, ending, round } = budget;
    if (arriving.length > 0) await this.#moveOut(id, arriving);
    if (ending.length === 0) return round;
    for (const as of ['spent', 'left'] as const) {
      const holds = ending.flatMap((each) => (each.as === as ? each.hold : []));
      if (holds.length === 0) continue;
      await this.#holds.updateMany(
        { _id: { $in: holds }, open: true },
        { $set: { as, endedAt: new Date(this.#clock.now()) }, $unset: { open: 1 } },
      );
    }
    await this.#budgets.updateOne({ _id: id, round }, { $set: { ending: [] }, $inc: { round: 1 } });
    return round + 1;
  }

  /** Among the other holds; one that is there already, open or ended, stays as it is. */
  async #moveOut(id: string, arriving: readonly Hold[]): Promise<void> {
    const known = arriving.map(({ _id, ...hold }) => ({
      updateOne: {
        filter: { _id },
        update: { $setOnInsert: { ...hold, budget: id, open: true as const } },
        upsert: true,
      },
    }));
    try {
      await this.#holds.bulkWrite(known, { ordered: false });
    } catch (error) {
      // Another process moves the same ones out: by now they are there.
      if (!isDuplicateKey(error)) throw error;
      await this.#holds.bulkWrite(known, { ordered: false });
    }
    const gone = { _id: { $in: arriving.map(({ _id }) => _id) } };
    await this.#budgets.updateOne({ _id: id }, { $pull: { arriving: gone } });
  }
}
