import { Schema, type Connection, type Model } from 'mongoose';
import { ProblemError } from '../../kernel/problem.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** Tries at a secret within one window. */
interface Attempts {
  /** What is counted, secrets and names as digests. */
  readonly _id: string;
  readonly n: number;
  /** The window's end. */
  readonly until: Date;
  readonly factor: string;
  /** Whose secret, as a digest; absent: anybody's. */
  readonly about?: string;
  /** When the window was full for the first time. */
  readonly lockedAt?: Date;
}

/** What one more try is counted in. */
export interface AttemptWindow {
  readonly key: string;
  readonly max: number;
  readonly windowMs: number;
  readonly factor: string;
  readonly about?: string | undefined;
}

/** `full`: it was not counted, since there were `max` already; `first`, where nobody was told so before. */
export interface Counted {
  readonly full: boolean;
  readonly first: boolean;
  readonly until: Date;
}

export interface Lock {
  readonly factor: string;
  readonly lockedAt: Date;
}

/** Others that count at the same moment. */
const RACES = 64;
/** A full window is kept for so long after its end, for the alert. */
const TOLD_S = 86_400;

const text = { type: String, required: true };
const schema = new Schema<Attempts>(
  {
    ...{ _id: text, factor: text, about: String },
    n: { type: Number, required: true },
    until: { type: Date, required: true },
    lockedAt: Date,
  },
  { collection: 'attempts', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ about: 1 }, { sparse: true })
  .index({ lockedAt: 1 }, { sparse: true })
  .index({ until: 1 }, { expireAfterSeconds: TOLD_S });

/** Tries at secrets, in MongoDB: what was counted survives a failover. An engine without TTL indexes keeps dead windows. */
export class AttemptStore {
  readonly #model: Model<Attempts>;

  constructor(db: Connection) {
    this.#model = db.model<Attempts>('Attempts', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Counts one, by compare-and-set: of many at once no more than `max` are counted in a window. */
  async count(of: AttemptWindow, now: Date): Promise<Counted> {
    const { key: _id, max, windowMs, factor, about } = of;
    const until = new Date(now.getTime() + windowMs);
    for (let race = 0; race < RACES; race += 1) {
      const counted = await this.#model
        .findOneAndUpdate({ _id, until: { $gt: now }, n: { $lt: max } }, { $inc: { n: 1 } })
        .lean<Attempts>()
        .exec();
      if (counted !== null) return { full: false, first: false, until: counted.until };
      const known = await this.#model.findById(_id).lean<Attempts>().exec();
      if (known !== null && known.until > now) {
        if (known.n < max) continue;
        return { full: true, first: await this.#lock(known, now), until: known.until };
      }
      const fresh = { n: 1, until, factor, ...(about === undefined ? {} : { about }) };
      if (known === null ? await this.#begin({ _id, ...fresh }) : await this.#beginAgain(known, fresh)) {
        return { full: false, first: false, until };
      }
    }
    throw new ProblemError({
      code: 'server.unavailable',
      message: 'Too many tries at the same moment. Try again.',
      retryAfterS: 1,
    });
  }

  /** A try was none after all. Of another window than that until then, nothing is given back. */
  async giveBack(key: string, until: Date): Promise<void> {
    await this.#model.updateOne({ _id: key, until, n: { $gt: 0 } }, { $inc: { n: -1 } }).exec();
  }

  async forget(key: string): Promise<void> {
    await this.#model.deleteOne({ _id: key }).exec();
  }

  /** Forgets every try at what is somebody's. */
  async forgetAbout(about: string): Promise<void> {
    await this.#model.deleteMany({ about }).exec();
  }

  /** Those of these people at whose secrets somebody may not try any more now. */
  async lockedAbout(about: readonly string[], now: Date): Promise<Set<string>> {
    if (about.length === 0) return new Set();
    const found = await this.#model
      .find({ about: { $in: [...about] }, until: { $gt: now }, lockedAt: { $exists: true } })
      .lean<Attempts[]>()
      .exec();
    return new Set(found.flatMap((each) => each.about ?? []));
  }

  /** Windows that became full at this time or later, the oldest first; 1,000 at most. */
  async lockedSince(at: Date): Promise<Lock[]> {
    return this.#model
      .find({ lockedAt: { $gte: at } }, { factor: 1, lockedAt: 1 })
      .sort({ lockedAt: 1 })
      .limit(1_000)
      .lean<Lock[]>()
      .exec();
  }

  async #begin(window: Attempts): Promise<boolean> {
    try {
      await this.#model.create(window);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #beginAgain({ _id, until }: Attempts, fresh: Omit<Attempts, '_id'>): Promise<boolean> {
    const done = await this.#model.updateOne({ _id, until }, { $set: fresh, $unset: { lockedAt: 1 } }).exec();
    return done.matchedCount === 1;
  }

  /** True for the one who finds a window full first. */
  async #lock({ _id, until, lockedAt }: Attempts, now: Date): Promise<boolean> {
    if (lockedAt !== undefined) return false;
    const first = { _id, until, lockedAt: { $exists: false } };
    return (await this.#model.updateOne(first, { $set: { lockedAt: now } }).exec()).matchedCount === 1;
  }
}
