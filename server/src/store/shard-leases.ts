import { Schema, type Connection, type Model } from 'mongoose';
import type { ShardLeases } from '../domain/shards.ts';
import { isDuplicateKey } from './durable.ts';

interface LeaseDocument {
  readonly _id: number;
  readonly holder: string;
  readonly until: Date;
}

const schema = new Schema<LeaseDocument>(
  {
    _id: { type: Number, required: true },
    holder: { type: String, required: true },
    until: { type: Date, required: true },
  },
  // Not durable: a lease that a crash forgets is taken again.
  { collection: 'shardleases', versionKey: false, strict: 'throw', autoIndex: false },
);

/** One small document a shard, changed by compare-and-set. */
export class MongoShardLeases implements ShardLeases {
  readonly #model: Model<LeaseDocument>;

  constructor(db: Connection) {
    this.#model = db.model<LeaseDocument>('ShardLease', schema);
  }

  async take(shard: number, lease: { holder: string; now: Date; until: Date }): Promise<boolean> {
    const { holder, now, until } = lease;
    const mine = await this.#model
      .findOneAndUpdate(
        { _id: shard, $or: [{ holder }, { until: { $lte: now } }] },
        { $set: { holder, until } },
        { projection: { _id: 1 } },
      )
      .lean()
      .exec();
    if (mine !== null) return true;
    try {
      await this.#model.create({ _id: shard, holder, until });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(shard: number, holder: string): Promise<void> {
    await this.#model.updateOne({ _id: shard, holder }, { $set: { until: new Date(0) } }).exec();
  }
}
