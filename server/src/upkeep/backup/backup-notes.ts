import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';

/** `expected`: since when backups are. Of the others the newest alone. */
const KINDS = ['expected', 'saved', 'drilled'] as const;
type Kind = (typeof KINDS)[number];

interface NoteDocument {
  readonly _id: Kind;
  readonly at: Date;
  /** Of the backup. */
  readonly name?: string;
  readonly documents?: number;
  /** Before compression. */
  readonly bytes?: number;
  readonly tookMs?: number;
}

/** What became of a backup that was made, or read again. */
export type BackupOutcome = Required<Omit<NoteDocument, '_id'>>;

/** When what happened to backups; undefined: never, as far as is known. */
interface BackupTimes {
  readonly expectedSince: Date;
  readonly saved: Date | undefined;
  readonly drilled: Date | undefined;
}

/** Remembers in the database that backups are made and read again, for whoever waits for them. */
export class BackupNotes {
  readonly #notes: mongo.Collection<NoteDocument>;

  constructor(db: Connection) {
    this.#notes = collectionOf<NoteDocument>(db, 'backupnotes');
  }

  async note(kind: 'saved' | 'drilled', outcome: BackupOutcome): Promise<void> {
    await this.#notes.updateOne({ _id: kind }, { $set: outcome }, { upsert: true });
  }

  /** From the first look on, backups are expected. */
  async times(now: Date): Promise<BackupTimes> {
    const notes = new Map(
      (await this.#notes.find({ _id: { $in: KINDS } }).toArray()).map((note) => [note._id, note.at]),
    );
    let expectedSince = notes.get('expected');
    if (expectedSince === undefined) {
      await this.#notes.updateOne({ _id: 'expected' }, { $setOnInsert: { at: now } }, { upsert: true });
      expectedSince = now;
    }
    return { expectedSince, saved: notes.get('saved'), drilled: notes.get('drilled') };
  }
}
