import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import type { KeyFact } from '../../config/key-facts.ts';
import { KeyedDigest } from '../../kernel/keyed-digest.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';

/** A key that a server was configured with. */
interface KeyNote {
  readonly _id: string;
  readonly name: string;
  /** Made with the data key: of a weak secret it tells nobody else what it is. */
  readonly fingerprint: string;
  readonly since: Date;
}

/** When a server first had a key, remembered by what cannot be undone into the key. */
export class KeyNoteStore {
  readonly #notes: mongo.Collection<KeyNote>;
  readonly #digest: KeyedDigest;

  constructor(db: Connection, keys: KeyRing) {
    this.#notes = collectionOf<KeyNote>(db, 'keynotes');
    this.#digest = new KeyedDigest(keys, 'bianmin key fingerprints', { encoding: 'hex', length: 12 });
  }

  /** Its fingerprint, and since when it is known; noted where it was not. */
  async noted({ name, content }: Pick<KeyFact, 'name' | 'content'>, now: Date): Promise<KeyNote> {
    const [fingerprint = '', ...former] = this.#digest.spellings(`${name}\n${content}`);
    const found = await this.#notes
      .find({ _id: { $in: [fingerprint, ...former].map((each) => `${name} ${each}`) } })
      .toArray();
    const since = new Date(Math.min(now.getTime(), ...found.map((note) => note.since.getTime())));
    const note = { _id: `${name} ${fingerprint}`, name, fingerprint, since };
    if (found.some(({ _id }) => _id === note._id)) return note;
    const { _id, ...fields } = note;
    await this.#notes.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true, writeConcern: DURABLE });
    // The same key under the data key of before.
    if (found.length > 0) await this.#notes.deleteMany({ _id: { $in: found.map((each) => each._id) } });
    return note;
  }
}
