import { Schema, type Connection, type Model } from 'mongoose';
import type { ProcessNote } from './rules/processes.ts';

/** Told again within seconds if it is lost. */
const schema = new Schema<ProcessNote>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    at: { type: Date, required: true },
    faults: { type: [Object], required: true },
  },
  {
    collection: 'processnotes',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: { w: 1 },
  },
).index({ at: 1 });

const MOST = 1_000;
/** A process that ended a day ago is no news any more. */
const KEEP_MS = 24 * 3_600_000;

/** What processes say of themselves, for the worker that judges alerts. */
export class NoteStore {
  readonly #model: Model<ProcessNote>;

  constructor(db: Connection) {
    this.#model = db.model<ProcessNote>('ProcessNote', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async keep({ _id, ...note }: ProcessNote): Promise<void> {
    await this.#model.updateOne({ _id }, { $set: note }, { upsert: true }).exec();
  }

  /** Newest first. */
  async recent(now: Date): Promise<ProcessNote[]> {
    const from = new Date(now.getTime() - KEEP_MS);
    return this.#model
      .find({ at: { $gt: from } })
      .sort({ at: -1 })
      .limit(MOST)
      .lean<ProcessNote[]>()
      .exec();
  }

  async purge(now: Date): Promise<void> {
    await this.#model.deleteMany({ at: { $lte: new Date(now.getTime() - KEEP_MS) } }).exec();
  }

  /** It ends as it should: no alert misses it. */
  async drop(id: string): Promise<void> {
    await this.#model.deleteOne({ _id: id }).exec();
  }
}
