import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** How far the re-sealing has come. */
export interface ResealProgress {
  /** The version that everything is to be under. */
  readonly target: number;
  /** The walk through all collections, from 1; the last one finds nothing to do. */
  readonly walk: number;
  readonly walkBeganAt: Date;
  /** In this walk. */
  readonly collection: string;
  /** The last document that was looked at there; empty: none yet. */
  readonly after: string;
  readonly looked: number;
  /** Values that were made anew, in this walk and in all. */
  readonly renewed: number;
  readonly renewedInAll: number;
  /** Values under an old version that this walk could not change, by collection: what moves just now, or is over before long. */
  readonly left: Readonly<Record<string, number>>;
  /** The same of the whole walk before this one. */
  readonly lastLeft: Readonly<Record<string, number>>;
  /** Of those, values that no key of ours opens. */
  readonly unreadable: number;
  readonly beganAt: Date;
  readonly movedAt: Date;
  /** Walks in a row, this one too, before which the last one could do nothing. */
  readonly idle?: number;
  /** Households have the names of now: a walk renamed them that began when no process named by an old version any more. */
  readonly renamed?: boolean;
  /** Nothing under an old version is left. */
  readonly doneAt?: Date;
  /** What is left opens under no key: no walk helps. */
  readonly stoppedAt?: Date;
}

type Stored = ResealProgress & { readonly _id: string };
const ID = 'reseal';

/** The one re-sealing of a database. */
export class ResealStore {
  readonly #work: mongo.Collection<Stored>;

  constructor(db: Connection) {
    this.#work = collectionOf<Stored>(db, 'keywork');
  }

  async get(): Promise<ResealProgress | undefined> {
    const found = await this.#work.findOne({ _id: ID });
    if (found === null) return undefined;
    const { _id: _, ...progress } = found;
    return progress;
  }

  /** As if nothing had been done: what is done again does no harm. */
  async forget(): Promise<void> {
    await this.#work.deleteOne({ _id: ID }, { writeConcern: DURABLE });
  }

  /** Where it stopped: somebody mended what did not open. */
  async again(): Promise<void> {
    await this.#work.deleteOne({ _id: ID, stoppedAt: { $exists: true } }, { writeConcern: DURABLE });
  }

  async put(progress: ResealProgress): Promise<void> {
    await this.#work.replaceOne({ _id: ID }, { ...progress }, { upsert: true, writeConcern: DURABLE });
  }
}
