import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** How far a chain of the audit trail has come. */
export interface AuditHead {
  readonly writer: string;
  readonly n: number;
  /** Of the chain's entry `n`. */
  readonly digest: string;
}

/** As it is kept: with a seal whose key is not in the database. */
export interface SealedHead extends AuditHead {
  readonly at: Date;
  readonly seal: string;
}

type HeadDocument = Omit<SealedHead, 'writer'> & { readonly _id: string };

const text = { type: String, required: true };
const schema = new Schema<HeadDocument>(
  {
    _id: text,
    n: { type: Number, required: true },
    at: { type: Date, required: true },
    digest: text,
    seal: text,
  },
  { collection: 'audit-heads', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ at: -1 });

/** The newest entry of each chain, beside the trail: cutting a chain's end off leaves its head behind. */
export class AuditHeadStore {
  readonly #model: Model<HeadDocument>;

  constructor(db: Connection) {
    this.#model = db.model<HeadDocument>('AuditHead', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async put({ writer, ...head }: SealedHead): Promise<void> {
    await this.#model.updateOne({ _id: writer }, { $set: head }, { upsert: true }).exec();
  }

  async get(writer: string): Promise<SealedHead | null> {
    const found = await this.#model.findById(writer).lean<HeadDocument | null>().exec();
    return found === null ? null : headOf(found);
  }

  /** Those that moved at or after a moment, the oldest first. */
  async *movedSince(at: Date): AsyncGenerator<SealedHead> {
    const found = this.#model
      .find({ at: { $gte: at } })
      .sort({ at: 1 })
      .lean<HeadDocument[]>()
      .cursor({ batchSize: 500 }) as AsyncIterable<HeadDocument>;
    for await (const each of found) yield headOf(each);
  }

  async newest(limit: number): Promise<SealedHead[]> {
    const found = await this.#model.find().sort({ at: -1 }).limit(limit).lean<HeadDocument[]>().exec();
    return found.map(headOf);
  }
}

function headOf({ _id, n, at, digest, seal }: HeadDocument): SealedHead {
  return { writer: _id, n, at, digest, seal };
}
