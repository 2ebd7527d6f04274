import type { mongo, Connection } from 'mongoose';
import { MOST_TROUBLES, type LineTrouble } from '@bianmin/purchase/api/household-file';
import { collectionOf } from '../../../adapters/mongo/connection.ts';
import { isDuplicateKey } from '../../../adapters/mongo/durable.ts';
import type { KeySource } from '../../../kernel/key-ring.ts';
import { within, type Scope } from '../../../kernel/scope.ts';
import { SecretSeal } from '../../../kernel/secret-seal.ts';
import {
  partId,
  type Counts,
  type FilePart,
  type FileRow,
  type HouseholdFile,
  type Outcome,
  type TakenPart,
} from './file.ts';

/** Sealed: the state of a SHA-256 has the last bytes of what it was made of in it, and in those stand customer numbers. */
type Stored = Omit<HouseholdFile, 'hash'> & { readonly hash?: string };
/** Its rows as JSON: as documents they cost the database ten times as much, and nobody looks for one of them. */
type StoredPart = Omit<FilePart, 'rows'> & { readonly rows: string };

/** What a part adds to its file. */
export interface Taking {
  readonly part: TakenPart;
  readonly bytes: number;
  readonly lines: number;
  readonly hash: Uint8Array;
  readonly rows: number;
  readonly repeated: number;
  readonly troubles: readonly LineTrouble[];
  readonly communities: Counts;
  readonly tags: Counts;
}

/** Files of households and their parts: every step of a file is a compare-and-set. */
export class HouseholdFileStore {
  readonly #files: mongo.Collection<Stored>;
  readonly #parts: mongo.Collection<StoredPart>;
  readonly #seal: SecretSeal;

  constructor(db: Connection, keys: KeySource) {
    this.#seal = new SecretSeal(keys, 'bianmin digests of files');
    this.#files = collectionOf<Stored>(db, 'householdfiles');
    this.#parts = collectionOf<StoredPart>(db, 'householdfileparts');
  }

  async prepare(): Promise<void> {
    await Promise.all([
      this.#files.createIndex({ createdAt: -1 }),
      this.#files.createIndex({ orgPath: 1, createdAt: -1 }),
      this.#files.createIndex({ 'maker.id': 1, status: 1 }),
      this.#files.createIndex({ status: 1, allowedAt: 1 }),
      this.#parts.createIndex({ file: 1 }),
      this.#parts.createIndex({ expiresAt: 1 }),
    ]);
  }

  async insert(file: HouseholdFile): Promise<void> {
    await this.#files.insertOne(this.#storedOf(file));
  }

  async get(id: string): Promise<HouseholdFile | null> {
    return this.#opened(await this.#files.findOne({ _id: id }));
  }

  /** Newest first, without what was received. */
  async list(scope: Scope, limit: number): Promise<HouseholdFile[]> {
    const projection = { hash: 0, taken: 0 } as const;
    const found = this.#files.find<Omit<Stored, 'hash' | 'taken'>>({ ...within(scope) }, { projection });
    const newest = await found.sort({ createdAt: -1 }).limit(limit).toArray();
    return newest.map((each) => ({ ...each, taken: [] }));
  }

  /** Those that this person sends and has not asked for. */
  async receivingOf(maker: string): Promise<HouseholdFile[]> {
    const found = await this.#files.find({ 'maker.id': maker, status: 'receiving' }).toArray();
    return found.flatMap((each) => this.#opened(each) ?? []);
  }

  /** Takes one away that nobody was asked about. */
  async discard(id: string): Promise<void> {
    const { deletedCount } = await this.#files.deleteOne({ _id: id, status: 'receiving' });
    if (deletedCount === 1) await this.dropParts(id);
  }

  /** Keeps what a part says, which is not of the file until it is taken. */
  async keepPart(part: FilePart): Promise<void> {
    try {
      const stored = { ...part, rows: JSON.stringify(part.rows) };
      await this.#parts.replaceOne({ _id: part._id }, stored, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The next part is of the file from now on; false where another was quicker. */
  async take({ _id, offset }: HouseholdFile, taking: Taking): Promise<boolean> {
    const { part, bytes, lines, hash, rows, repeated, troubles, communities, tags } = taking;
    const { matchedCount } = await this.#files.updateOne(
      { _id, status: 'receiving', offset },
      {
        $set: { offset: offset + bytes, hash: this.#sealed(hash, _id) },
        $inc: {
          ...{ lines, rows, repeated, wrong: troubles.length },
          ...below('communities', communities),
          ...below('tags', tags),
        },
        $push: {
          taken: part,
          troubles: { $each: [...troubles.slice(0, MOST_TROUBLES)], $slice: MOST_TROUBLES },
        },
      },
    );
    return matchedCount === 1;
  }

  /** `receiving` → `waits`; nothing where it does already. */
  async asked(id: string, approval: string): Promise<void> {
    await this.#files.updateOne({ _id: id, status: 'receiving' }, { $set: { status: 'waits', approval } });
  }

  /** To be carried, after those that were allowed before; nothing where it is already. */
  async allow(id: string, approval: string, at: Date): Promise<void> {
    const waiting = { _id: id, status: { $in: ['receiving' as const, 'waits' as const] } };
    await this.#files.updateOne(waiting, { $set: { status: 'allowed', approval, allowedAt: at } });
  }

  /** The one that is carried now: the first that was allowed. */
  async firstAllowed(): Promise<HouseholdFile | null> {
    const [first] = await this.#files.find({ status: 'allowed' }).sort({ allowedAt: 1 }).limit(1).toArray();
    return this.#opened(first ?? null);
  }

  async waiting(limit: number): Promise<HouseholdFile[]> {
    const found = await this.#files.find({ status: 'waits' }).limit(limit).toArray();
    return found.flatMap((each) => this.#opened(each) ?? []);
  }

  async part(id: string, part: TakenPart): Promise<FilePart | null> {
    const found = await this.#parts.findOne({ _id: partId(id, part) });
    return found === null ? null : { ...found, rows: JSON.parse(found.rows) as FileRow[] };
  }

  /** The part of this number is carried; false where another worker was quicker. */
  async carried({ _id }: HouseholdFile, n: number, { applied, newer, elsewhere }: Outcome): Promise<boolean> {
    const { matchedCount } = await this.#files.updateOne(
      { _id, status: 'allowed', carried: n },
      {
        $set: { carried: n + 1 },
        $inc: { 'outcome.applied': applied, 'outcome.newer': newer, 'outcome.elsewhere': elsewhere },
      },
    );
    return matchedCount === 1;
  }

  /** Its parts go first: whoever finds it ended finds none. */
  async end(
    { _id, status }: HouseholdFile,
    end: Required<Pick<HouseholdFile, 'status' | 'endedAt'>> & Pick<HouseholdFile, 'failure'>,
  ): Promise<void> {
    await this.dropParts(_id);
    await this.#files.updateOne({ _id, status }, { $set: { ...end, taken: [] }, $unset: { hash: 1 } });
  }

  async dropParts(id: string): Promise<void> {
    await this.#parts.deleteMany({ file: id });
  }

  #storedOf({ hash, ...file }: HouseholdFile): Stored {
    return hash === undefined ? file : { ...file, hash: this.#sealed(hash, file._id) };
  }

  #sealed(hash: Uint8Array, id: string): string {
    return this.#seal.seal(Buffer.from(hash).toString('base64'), id);
  }

  #opened(stored: Stored | null): HouseholdFile | null {
    if (stored === null) return null;
    const { hash, ...file } = stored;
    if (hash === undefined) return file;
    return { ...file, hash: Uint8Array.from(Buffer.from(this.#seal.open(hash, file._id), 'base64')) };
  }
}

/** Neither ids nor tags have a dot. */
function below(field: string, counts: Counts): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [`${field}.${name}`, n]));
}
