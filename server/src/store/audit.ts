import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from './durable.ts';

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
  .index({ at: -1 })
  .index({ target: 1, at: -1 })
  .index({ writer: 1, n: 1 }, { unique: true });

export interface AuditQuery {
  readonly target?: string | undefined;
  readonly action?: string | undefined;
  readonly before?: Date | undefined;
  readonly limit: number;
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

  async find(query: AuditQuery): Promise<AuditEntry[]> {
    return this.#model
      .find({
        ...(query.target === undefined ? {} : { target: query.target }),
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.before === undefined ? {} : { at: { $lt: query.before } }),
      })
      .sort({ at: -1, _id: -1 })
      .limit(query.limit)
      .lean<AuditEntry[]>()
      .exec();
  }

  async writers(): Promise<string[]> {
    return this.#model.distinct('writer').exec();
  }

  /** One writer's entries in their order. */
  async chain(writer: string): Promise<AuditEntry[]> {
    return this.#model.find({ writer }).sort({ n: 1 }).lean<AuditEntry[]>().exec();
  }
}
