import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { Migration } from './migration.ts';

/** `up` is done, `down` is undone; the others are on their way, or were cut off. */
type MigrationState = 'going-up' | 'up' | 'going-down' | 'down';

/** What is known of one migration of this database. */
export interface MigrationRecord {
  /** Its version; 0 stands for all that this database was made with. */
  readonly _id: number;
  readonly name: string;
  readonly state: MigrationState;
  readonly compatible: boolean;
  readonly checksum: string;
  /** Who last had it go, and when. */
  readonly by: string;
  readonly at: Date;
  /** How far it has come on its way. */
  readonly progress?: string;
  /** Of version 0 alone: the version that this database was made with. */
  readonly madeAs?: number;
}

const text = { type: String, required: true } as const;
const schema = new Schema<MigrationRecord>(
  {
    _id: { type: Number, required: true },
    ...{ name: text, state: text, checksum: { type: String, default: '' }, by: text },
    compatible: { type: Boolean, required: true },
    at: { type: Date, required: true },
    progress: String,
    madeAs: Number,
  },
  { collection: 'migrations', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** What was migrated, in the database that it happened to. */
export class MigrationStore {
  readonly #model: Model<MigrationRecord>;

  constructor(db: Connection) {
    this.#model = db.model<MigrationRecord>('Migration', schema);
  }

  /** A few, in the order of their versions. */
  async all(): Promise<MigrationRecord[]> {
    return this.#model
      .find({ _id: { $gte: 0 } })
      .sort({ _id: 1 })
      .lean<MigrationRecord[]>()
      .exec();
  }

  /**
   * A database that has nothing in it yet is of this version from the beginning; another process may have said so
   * before.
   */
  async made(as: number, init: { by: string; at: Date }): Promise<void> {
    try {
      await this.#model.create({
        ...{ _id: 0, name: 'made', state: 'up', compatible: true, madeAs: as },
        ...init,
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async begin(
    { version, name, compatible }: Migration,
    init: { state: 'going-up' | 'going-down'; checksum: string; by: string; at: Date },
  ): Promise<void> {
    const set = { name, compatible, ...init };
    // What was saved on the way up says nothing about the way down.
    await this.#model
      .updateOne({ _id: version, state: { $ne: init.state } }, { $unset: { progress: 1 } })
      .exec();
    await this.#model.updateOne({ _id: version }, { $set: set }, { upsert: true }).exec();
  }

  async save(version: number, progress: string): Promise<void> {
    await this.#model.updateOne({ _id: version }, { $set: { progress } }).exec();
  }

  async end(version: number, state: 'up' | 'down', at: Date): Promise<void> {
    await this.#model.updateOne({ _id: version }, { $set: { state, at }, $unset: { progress: 1 } }).exec();
  }
}
