import { Schema, type Connection, type Model } from 'mongoose';
import type { SavedFilterBody } from '@bianmin/shared/api/saved-filters';
import type { Clock } from '@bianmin/shared/clock';
import { ProblemError } from '../http/problem.ts';
import { DURABLE } from '../store/durable.ts';

/** A search that its owner wants to find again. */
export interface SavedFilter extends SavedFilterBody {
  /** `user:id`: nobody's id is anybody else's. */
  readonly _id: string;
  readonly userId: string;
  readonly updatedAt: Date;
}

const MAX_FILTERS = 50;

const schema = new Schema<SavedFilter>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    name: { type: String, required: true },
    filter: { type: Object, required: true },
    columns: { type: [String], required: true },
    updatedAt: { type: Date, required: true },
  },
  {
    collection: 'savedfilters',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
).index({ userId: 1, name: 1 });

/** Each user's own, and seen by nobody else. */
export class SavedFilters {
  readonly #model: Model<SavedFilter>;
  readonly #clock: Clock;

  constructor(init: { db: Connection; clock: Clock }) {
    this.#model = init.db.model<SavedFilter>('SavedFilter', schema);
    this.#clock = init.clock;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** By name. */
  async list(userId: string): Promise<SavedFilter[]> {
    return this.#model.find({ userId }).sort({ name: 1 }).limit(MAX_FILTERS).lean<SavedFilter[]>().exec();
  }

  /** Makes it, or puts this in its place. Throws `filter.too-many`. */
  async put(userId: string, id: string, body: SavedFilterBody): Promise<SavedFilter> {
    const _id = keyOf(userId, id);
    const others = await this.#model.countDocuments({ userId, _id: { $ne: _id } }).exec();
    if (others >= MAX_FILTERS) {
      throw new ProblemError({
        code: 'filter.too-many',
        message: `A user keeps ${MAX_FILTERS} filters. Remove one first.`,
      });
    }
    const rest = { userId, ...body, updatedAt: new Date(this.#clock.now()) };
    await this.#model.updateOne({ _id }, { $set: rest }, { upsert: true }).exec();
    return { _id, ...rest };
  }

  /** What is not there is gone already. */
  async remove(userId: string, id: string): Promise<void> {
    await this.#model.deleteOne({ _id: keyOf(userId, id) }).exec();
  }
}

/** The part of a filter's key that its owner chose. */
export function filterIdOf({ _id, userId }: Pick<SavedFilter, '_id' | 'userId'>): string {
  return _id.slice(userId.length + 1);
}

function keyOf(userId: string, id: string): string {
  return `${userId}:${id}`;
}
