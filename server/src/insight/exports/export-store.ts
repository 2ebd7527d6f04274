import { mongo, Schema, type Connection, type Model } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { Export } from './export.ts';

interface Chunk {
  /** `export:attempt:n`. */
  readonly _id: string;
  readonly export: string;
  readonly bytes: mongo.Binary;
}

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const schema = new Schema<Export>(
  {
    _id: text,
    scope: text,
    owner: { type: Object, required: true },
    request: { type: Object, required: true },
    status: text,
    attempt: whole,
    rows: whole,
    reached: Date,
    bytes: whole,
    chunks: whole,
    createdAt: { type: Date, required: true },
    leaseUntil: Date,
    endedAt: Date,
    expiresAt: Date,
    failure: String,
  },
  {
    collection: 'exports',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
)
  .index({ 'owner.id': 1, createdAt: -1 })
  .index({ status: 1, createdAt: 1 })
  .index({ expiresAt: 1 });

/** How many wait for a worker, and since when the first of them does. */
export async function queuedExports(db: Connection): Promise<{ waiting: number; oldest: Date | undefined }> {
  const queued = { status: 'queued' } as const;
  const exports = collectionOf<Export>(db, 'exports');
  const [oldest] = await exports.find(queued).sort({ createdAt: 1 }).limit(1).toArray();
  return {
    waiting: oldest === undefined ? 0 : await exports.countDocuments(queued),
    oldest: oldest?.createdAt,
  };
}

/**
 * Exports and their files. A file is kept in chunks in the database, since the web process that hands it out and the
 * worker that wrote it may be different machines.
 */
export class ExportStore {
  readonly #model: Model<Export>;
  readonly #chunks: mongo.Collection<Chunk>;
  readonly #seal: NumberSeal;

  constructor(db: Connection, seal: NumberSeal) {
    this.#model = db.model<Export>('Export', schema);
    this.#chunks = collectionOf<Chunk>(db, 'exportchunks');
    this.#seal = seal;
  }

  async prepare(): Promise<void> {
    await Promise.all([this.#model.createIndexes(), this.#chunks.createIndex({ export: 1 })]);
  }

  async insert(wanted: Export): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(this.#sealed(wanted));
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Export | null> {
    return this.#opened(await this.#model.findById(id).lean<Export>().exec());
  }

  /** Newest first. */
  async ofOwner(owner: string, limit: number): Promise<Export[]> {
    return this.#model
      .find({ 'owner.id': owner })
      .sort({ createdAt: -1 })
      .limit(limit)
      .lean<Export[]>()
      .exec();
  }

  async unfinished(owner: string): Promise<number> {
    return this.#model.countDocuments({ 'owner.id': owner, status: { $in: ['queued', 'running'] } }).exec();
  }

  /** Takes the oldest that waits, or whose writer is dead, until `until`; null where none is. */
  async take(now: Date, until: Date): Promise<Export | null> {
    const taken = await this.#model
      .findOneAndUpdate(
        { $or: [{ status: 'queued' }, { status: 'running', leaseUntil: { $lte: now } }] },
        {
          $set: { status: 'running', leaseUntil: until, rows: 0, bytes: 0, chunks: 0 },
          $inc: { attempt: 1 },
          $unset: { reached: 1 },
        },
        { sort: { createdAt: 1 }, returnDocument: 'after' },
      )
      .lean<Export>()
      .exec();
    return this.#opened(taken);
  }

  /** Changes one that still runs in this attempt; false where it was cancelled, or another writer has it. */
  async move({ _id, attempt }: Export, change: Partial<Export>): Promise<boolean> {
    const running = { _id, attempt, status: 'running' as const };
    const ends = change.status !== undefined && change.status !== 'running';
    const { matchedCount } = await this.#model
      .updateOne(running, { $set: change, ...(ends ? { $unset: { leaseUntil: 1 } } : {}) })
      .exec();
    return matchedCount === 1;
  }

  /** False where it was over before. */
  async cancel(id: string, change: Pick<Export, 'endedAt' | 'expiresAt'>): Promise<boolean> {
    const { matchedCount } = await this.#model
      .updateOne(
        { _id: id, status: { $in: ['queued', 'running'] } },
        { $set: { status: 'cancelled', ...change }, $unset: { leaseUntil: 1 } },
      )
      .exec();
    return matchedCount === 1;
  }

  async addChunk({ _id, attempt }: Export, n: number, bytes: Uint8Array): Promise<void> {
    const chunk = { _id: chunkId(_id, attempt, n), export: _id, bytes: new mongo.Binary(bytes) };
    await this.#chunks.insertOne(chunk);
  }

  /** The file, chunk by chunk. Throws where one is missing: half a file must not pass for a whole one. */
  async *file({ _id, attempt, chunks }: Export): AsyncGenerator<Buffer> {
    for (let n = 0; n < chunks; n += 1) {
      const found = await this.#chunks.findOne({ _id: chunkId(_id, attempt, n) });
      if (found === null) throw new Error(`Chunk ${n} of export ${_id} is gone.`);
      yield Buffer.from(found.bytes.buffer);
    }
  }

  async dropChunks(id: string): Promise<void> {
    await this.#chunks.deleteMany({ export: id });
  }

  /** Throws away what has expired; gives how many. */
  async purge(now: Date): Promise<number> {
    const over = await this.#model
      .find({ expiresAt: { $lte: now } }, { _id: 1 })
      .limit(100)
      .lean<Pick<Export, '_id'>[]>()
      .exec();
    for (const { _id } of over) {
      await this.dropChunks(_id);
      await this.#model.deleteOne({ _id }).exec();
    }
    return over.length;
  }

  #sealed(wanted: Export): Export {
    return this.#withNumber(wanted, (number) => this.#seal.seal(number));
  }

  #opened(found: Export | null): Export | null {
    return found === null ? null : this.#withNumber(found, (number) => this.#seal.open(number));
  }

  #withNumber(wanted: Export, change: (number: string) => string): Export {
    const { search } = wanted.request;
    if (search.customerNo === undefined) return wanted;
    const customerNo = change(search.customerNo);
    return { ...wanted, request: { ...wanted.request, search: { ...search, customerNo } } };
  }
}

function chunkId(id: string, attempt: number, n: number): string {
  return `${id}:${attempt}:${n}`;
}
