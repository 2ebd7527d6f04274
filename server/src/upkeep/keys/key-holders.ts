import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';

/** A process that lives, and which versions it was given. */
export interface KeyHolder {
  readonly _id: string;
  readonly kind: 'web' | 'worker';
  readonly at: Date;
  readonly versions: readonly number[];
  /** Which secrets of tokens it has, by what only they give; an earlier server does not say. */
  readonly tokens?: readonly string[];
}

/** Who has not said so for this long is taken for dead. */
export const LIVES_MS = 30_000;

/** Processes with their keys, in the database; a handful. */
export class KeyHolderStore {
  readonly #holders: mongo.Collection<KeyHolder>;
  readonly #notes: mongo.Collection<{ _id: string; at: Date }>;

  constructor(db: Connection) {
    this.#holders = collectionOf<KeyHolder>(db, 'keyholders');
    this.#notes = collectionOf(db, 'processnotes');
  }

  async say({ _id, ...holder }: KeyHolder): Promise<void> {
    await this.#holders.updateOne(
      { _id },
      { $set: holder },
      { upsert: true, writeConcern: { w: 'majority' } },
    );
  }

  async leave(id: string): Promise<void> {
    await this.#holders.deleteOne({ _id: id });
  }

  /** Those that live; who is dead for long is dropped. */
  async living(now: Date): Promise<KeyHolder[]> {
    await this.#holders.deleteMany({ at: { $lte: new Date(now.getTime() - 10 * LIVES_MS) } });
    return this.#holders.find({ at: { $gt: new Date(now.getTime() - LIVES_MS) } }).toArray();
  }

  /** Processes of any version of the code say how they are, each quarter of a minute (`insight/alerts/notes.ts`): so many do. */
  async processes(now: Date): Promise<number> {
    return this.#notes.countDocuments({ at: { $gt: new Date(now.getTime() - LIVES_MS) } });
  }
}
