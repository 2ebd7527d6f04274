import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';

interface HeardDocument {
  readonly _id: 'fleet';
  readonly at: Date;
}

/** Until when the whole fleet could be heard, wall clock ms; outlives Redis, and only goes on. */
export class HeardUntilStore {
  readonly #heard: mongo.Collection<HeardDocument>;

  constructor(db: Connection) {
    this.#heard = collectionOf<HeardDocument>(db, 'fleetheard');
  }

  /** 0: never, as far as is known. */
  async get(): Promise<number> {
    return (await this.#heard.findOne({ _id: 'fleet' }))?.at.getTime() ?? 0;
  }

  async advance(ms: number): Promise<void> {
    await this.#heard.updateOne({ _id: 'fleet' }, { $max: { at: new Date(ms) } }, { upsert: true });
  }
}
