import { createHmac } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';

/** What is known of one version of the data key: never the key. */
export interface KeyRecord {
  readonly version: number;
  /** What only that key gives: another key of the same number is noticed. */
  readonly check: string;
  readonly firstSeenAt: Date;
  /** A process is about to make values under it: none that lacks it may begin any more. */
  readonly proposedAt?: Date;
  /** From when on values may be under it. */
  readonly usedSince?: Date;
  /** When the last value under it was made anew under a later one. */
  readonly emptiedAt?: Date;
}

type KeyDocument = Omit<KeyRecord, 'version'> & { readonly _id: string };

const idOf = (version: number): string => `data:${version}`;
/** What earlier servers kept in clear is sealed, too, since then. */
const SEALED_ALL = 'sealed-all';
/** `0005-secrets-of-people-are-sealed`. */
const SEALING_MIGRATION = 5;

/** Versions of the data key in the database that is sealed with them. */
export class KeyRecordStore {
  readonly #records: mongo.Collection<KeyDocument>;
  readonly #migrations: mongo.Collection<{ _id: number }>;

  constructor(db: Connection) {
    this.#migrations = collectionOf(db, 'migrations');
    this.#records = collectionOf<KeyDocument>(db, 'keyversions');
  }

  async all(): Promise<KeyRecord[]> {
    const found = await this.#records.find({}).toArray();
    return found
      .filter(({ _id }) => _id !== SEALED_ALL)
      .map(({ _id, ...record }) => ({ version: Number(_id.slice('data:'.length)), ...record }))
      .sort((a, b) => a.version - b.version);
  }

  /** Nothing where it is known already. */
  async note({ version, ...record }: KeyRecord): Promise<void> {
    try {
      await this.#records.insertOne({ _id: idOf(version), ...record }, { writeConcern: DURABLE });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async mark(
    version: number,
    fields: Partial<Pick<KeyRecord, 'proposedAt' | 'usedSince' | 'emptiedAt'>>,
  ): Promise<void> {
    await this.#records.updateOne({ _id: idOf(version) }, { $set: fields }, { writeConcern: DURABLE });
  }

  /** Values are made under it again: it is no more empty. */
  async refilled(version: number): Promise<void> {
    await this.#records.updateOne(
      { _id: idOf(version) },
      { $unset: { emptiedAt: 1 } },
      { writeConcern: DURABLE },
    );
  }

  async sealedAllSince(): Promise<Date | undefined> {
    return (await this.#records.findOne({ _id: SEALED_ALL }))?.usedSince;
  }

  /** Earlier servers begin here no more (`upkeep/migrations/gate.ts`): they could not read what is sealed from now on. */
  async shutOutEarlier(): Promise<void> {
    await this.#migrations.updateOne(
      { _id: SEALING_MIGRATION },
      { $set: { compatible: false } },
      { writeConcern: DURABLE },
    );
  }

  async sealAll(at: Date): Promise<void> {
    await this.#records.updateOne(
      { _id: SEALED_ALL },
      { $setOnInsert: { check: '', firstSeenAt: at, usedSince: at } },
      { upsert: true, writeConcern: DURABLE },
    );
  }

  /** Whether there may be a value that an earlier server could not read. */
  async hasSealed(): Promise<boolean> {
    const later = (await this.all()).some(({ version, usedSince }) => version > 1 && usedSince !== undefined);
    return later || (await this.sealedAllSince()) !== undefined;
  }

  /** Back to before: an earlier server is to read this database. */
  async forget(): Promise<void> {
    await this.#records.deleteMany({}, { writeConcern: DURABLE });
  }
}

/** What a version of a ring is known by. */
export function checkOf(keys: KeyRing, version: number): string {
  const digest = createHmac('sha256', keys.key(version, 'bianmin key check')).update('check').digest();
  return digest.subarray(0, 16).toString('base64url');
}
