import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** Who did what to which thing, when and from where. */
export interface AuditEntry {
  /** `writer:n`, n in twelve digits: unique, so a place in a chain is taken once. */
  readonly _id: string;
  readonly writer: string;
  /** 1, 2, … within the writer. */
  readonly n: number;
  readonly at: Date;
  readonly who: { readonly kind: 'admin' | 'terminal' | 'payer' | 'system'; readonly id: string };
  /** `subject.verb`. */
  readonly action: string;
  readonly target: string;
  readonly where: { readonly ip: string; readonly traceId: string };
  readonly data: Readonly<Record<string, unknown>>;
  /** Digest of the entry before: of the same writer, or for its first one the newest of any writer. */
  readonly prev: string;
  /** SHA-256 over everything above in canonical JSON. */
  readonly digest: string;
}

const text = { type: String, required: true };
const schema = new Schema<AuditEntry>(
  {
    _id: text,
    writer: text,
    n: { type: Number, required: true },
    at: { type: Date, required: true },
    who: { type: Object, required: true },
    action: text,
    target: text,
    where: { type: Object, required: true },
    data: { type: Object, required: true },
    prev: { type: String, default: '' },
    digest: text,
  },
  {
    collection: 'audit',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
)
  .index({ at: -1, _id: -1 })
  .index({ target: 1, at: -1, _id: -1 })
  .index({ 'who.id': 1, at: -1, _id: -1 })
  .index({ action: 1, at: -1, _id: -1 })
  .index({ digest: 1 })
  .index({ writer: 1, n: 1 }, { unique: true });

/** What an entry is searched for by; several hold together, and each but the kind has an index with the time. */
export interface AuditQuery {
  readonly who?: string | undefined;
  readonly kind?: AuditEntry['who']['kind'] | undefined;
  readonly target?: string | undefined;
  readonly action?: string | undefined;
  /** At or after. */
  readonly from?: Date | undefined;
  /** Before. */
  readonly to?: Date | undefined;
  /** The page after the one that ended with this entry. */
  readonly after?: Pick<AuditEntry, '_id' | 'at'> | undefined;
}

/** An entry's place: the writer's chain and its number there. */
export function auditId(writer: string, n: number): string {
  return `${writer}:${String(n).padStart(12, '0')}`;
}

/** The trail in MongoDB: it can be added to and read, and nothing else. */
export class AuditStore {
  readonly #model: Model<AuditEntry>;

  constructor(db: Connection) {
    this.#model = db.model<AuditEntry>('Audit', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async append(entry: AuditEntry): Promise<void> {
    await this.#model.create(entry);
  }

  async newest(): Promise<AuditEntry | null> {
    return this.#model.findOne().sort({ at: -1, _id: -1 }).lean<AuditEntry>().exec();
  }

  async get(id: string): Promise<AuditEntry | null> {
    return this.#model.findById(id).lean<AuditEntry | null>().exec();
  }

  async hasDigest(digest: string): Promise<boolean> {
    return (await this.#model.findOne({ digest }, { _id: 1 }).lean().exec()) !== null;
  }

  /** Newest first. */
  async find({ limit, ...query }: AuditQuery & { limit: number }): Promise<AuditEntry[]> {
    return this.#model
      .find(filterOf(query))
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .lean<AuditEntry[]>()
      .exec();
  }

  /** All of them, newest first, without holding more than a part of them. */
  stream(query: AuditQuery): AsyncIterable<AuditEntry> {
    return this.#model
      .find(filterOf(query))
      .sort({ at: -1, _id: -1 })
      .lean<AuditEntry[]>()
      .cursor({ batchSize: 500 }) as AsyncIterable<AuditEntry>;
  }

  async writers(): Promise<string[]> {
    return this.#model.distinct('writer').exec();
  }

  async lastOf(writer: string): Promise<AuditEntry | null> {
    return this.#model.findOne({ writer }).sort({ n: -1 }).lean<AuditEntry | null>().exec();
  }

  /** One writer's entries in their order, without holding more than a part of them. */
  chain(writer: string): AsyncIterable<AuditEntry> {
    return this.#model
      .find({ writer })
      .sort({ n: 1 })
      .lean<AuditEntry[]>()
      .cursor({ batchSize: 500 }) as AsyncIterable<AuditEntry>;
  }
}

function filterOf({ who, kind, target, action, from, to, after }: AuditQuery): Record<string, unknown> {
  const at = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  return {
    ...(who === undefined ? {} : { 'who.id': who }),
    ...(kind === undefined ? {} : { 'who.kind': kind }),
    ...(target === undefined ? {} : { target }),
    ...(action === undefined ? {} : { action }),
    ...(from === undefined && to === undefined ? {} : { at }),
    ...(after === undefined
      ? {}
      : { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after._id } }] }),
  };
}
