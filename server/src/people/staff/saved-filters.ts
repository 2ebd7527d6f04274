import { Schema, type Connection, type Model } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { SavedFilterBody, SavedFilterView } from '@bianmin/purchase/api/saved-filters';
import { changedMeanwhile } from '../../route/precondition.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Seen } from '../../route/route.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** A search that its owner wants to find again. */
export interface SavedFilter extends SavedFilterBody {
  /** `user:id`: no user's id is another's. */
  readonly _id: string;
  readonly userId: string;
  readonly updatedAt: Date;
  /** Grows with every change; absent: of before there were others. */
  readonly version?: number;
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
    version: Number,
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

/** Each user's own, and seen by no other. */
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

  /** Makes it, or puts this in the place of what was seen. Throws `filter.too-many`, `request.changed-meanwhile`. */
  async put(userId: string, id: string, body: SavedFilterBody, seen: Seen): Promise<SavedFilter> {
    const _id = keyOf(userId, id);
    const others = await this.#model.countDocuments({ userId, _id: { $ne: _id } }).exec();
    if (others >= MAX_FILTERS) {
      throw new ProblemError({
        code: 'filter.too-many',
        message: `A user can keep ${MAX_FILTERS} filters. Remove one first.`,
      });
    }
    const version = (seen ?? 0) + 1;
    const made = { _id, userId, ...body, updatedAt: new Date(this.#clock.now()), version };
    const done = await (seen === null ? this.#insert(made) : this.#replace(made, seen));
    if (done) return made;
    const present = await this.#model.findById(_id).lean<SavedFilter>().exec();
    throw changedMeanwhile(present === null ? undefined : viewOf(present));
  }

  async #insert(made: SavedFilter): Promise<boolean> {
    try {
      await this.#model.create(made);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #replace({ _id, ...rest }: SavedFilter, seen: number): Promise<boolean> {
    const there = { _id, version: seen === 0 ? { $exists: false } : seen };
    return (await this.#model.updateOne(there, { $set: rest }).exec()).matchedCount === 1;
  }

  /** What is not there is gone already. */
  async remove(userId: string, id: string): Promise<void> {
    await this.#model.deleteOne({ _id: keyOf(userId, id) }).exec();
  }
}

/** A filter as its owner sees it, under the part of its key that they chose. */
export function viewOf(found: SavedFilter): SavedFilterView {
  const { _id, userId, name, filter, columns, updatedAt, version = 0 } = found;
  const id = _id.slice(userId.length + 1);
  return { id, name, filter, columns: [...columns], updatedAt: updatedAt.toISOString(), version };
}

function keyOf(userId: string, id: string): string {
  return `${userId}:${id}`;
}
