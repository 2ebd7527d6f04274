import { Schema, type Connection, type Model } from 'mongoose';
import { LEASE_AHEAD_MS } from '../../kernel/shards.ts';
import { isDuplicateKey } from './durable.ts';

/** Whose a piece of work is, and until when. */
export interface Lease {
  readonly holder: string;
  readonly now: Date;
  readonly until: Date;
}

interface LeaseDocument {
  readonly _id: string | number;
  readonly holder: string;
  readonly until: Date;
}

const schemaOf = (collection: string) =>
  new Schema<LeaseDocument>(
    {
      _id: { type: Schema.Types.Mixed, required: true },
      holder: { type: String, required: true },
      until: { type: Date, required: true },
    },
    // Not durable: a lease that a crash forgets is taken again.
    { collection, versionKey: false, strict: 'throw', autoIndex: false },
  );
const SCHEMAS = { ShardLease: schemaOf('shardleases'), JobLease: schemaOf('jobleases') } as const;

/** Which of several workers does a piece of work now: one small document a piece, changed by compare-and-set. */
export class MongoLeases<Id extends string | number> {
  readonly #model: Model<LeaseDocument>;

  /** `ShardLease`: parts of the orders. `JobLease`: rounds of which one worker's is enough. */
  constructor(db: Connection, name: keyof typeof SCHEMAS) {
    this.#model = db.model<LeaseDocument>(name, SCHEMAS[name]);
  }

  /**
   * Whether this holder has it until then: it was free, its time was over, it was its own, or the process that took
   * it and was killed had a clock ahead of this one by more than a minute.
   */
  async take(id: Id, lease: Lease): Promise<boolean> {
    const { holder, now, until } = lease;
    const ahead = new Date(until.getTime() + LEASE_AHEAD_MS);
    const mine = await this.#model
      .findOneAndUpdate(
        { _id: id, $or: [{ holder }, { until: { $lte: now } }, { until: { $gt: ahead } }] },
        { $set: { holder, until } },
        { projection: { _id: 1 } },
      )
      .lean()
      .exec();
    if (mine !== null) return true;
    try {
      await this.#model.create({ _id: id, holder, until });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Every piece from this one on, whoever has it. */
  async all(from: Id): Promise<readonly { readonly holder: string; readonly until: Date }[]> {
    return this.#model
      .find({ _id: { $gte: from } }, { _id: 0, holder: 1, until: 1 })
      .lean<{ holder: string; until: Date }[]>()
      .exec();
  }

  /** Gives it back at once, where it is still this holder's. */
  async release(id: Id, holder: string): Promise<void> {
    await this.#model.updateOne({ _id: id, holder }, { $set: { until: new Date(0) } }).exec();
  }
}
