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

  /** Each key's fingerprint, and since when it is known; noted where it was not. In the order of `facts`. */
  async noted(facts: readonly Pick<KeyFact, 'name' | 'content'>[], now: Date): Promise<KeyNote[]> {
    const spelt = facts.map(({ name, content }) => ({
      name,
      fingerprints: this.#digest.spellings(`${name}\n${content}`),
    }));
    const ids = spelt.flatMap(({ name, fingerprints }) => fingerprints.map((each) => idOf(name, each)));
    const known = new Map(
      (await this.#notes.find({ _id: { $in: ids } }).toArray()).map((note) => [note._id, note]),
    );
    const former: string[] = [];
    const notes = spelt.map(({ name, fingerprints }) => {
      const [fingerprint = ''] = fingerprints;
      const _id = idOf(name, fingerprint);
      const found = fingerprints.flatMap((each) => known.get(idOf(name, each)) ?? []);
      // The same key under the data key of before.
      former.push(...found.map((note) => note._id).filter((each) => each !== _id));
      const since = new Date(Math.min(now.getTime(), ...found.map((note) => note.since.getTime())));
      return known.get(_id) ?? { _id, name, fingerprint, since };
    });
    const news = notes.filter(({ _id }) => !known.has(_id));
    if (news.length > 0) {
      const writes = news.map(({ _id, ...fields }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
      }));
      await this.#notes.bulkWrite(writes, { ordered: false, writeConcern: DURABLE });
    }
    if (former.length > 0) await this.#notes.deleteMany({ _id: { $in: former } });
    return notes;
  }
}

function idOf(name: string, fingerprint: string): string {
  return `${name} ${fingerprint}`;
}
