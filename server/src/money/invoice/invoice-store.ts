import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { Invoice } from './invoice.ts';

const text = { type: String, required: true } as const;
const schema = new Schema<Invoice>(
  {
    _id: text,
    orderNo: text,
    kind: text,
    cancels: String,
    buyer: text,
    totalFen: { type: Number, required: true },
    status: text,
    sent: { type: Boolean, required: true },
    tries: { type: Number, required: true },
    number: String,
    url: String,
    issuedAt: Date,
    reason: String,
    cancelled: { type: Boolean, required: true },
    requestedAt: { type: Date, required: true },
    dueAt: Date,
  },
  { collection: 'invoices', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ orderNo: 1, _id: 1 })
  // Absent at rest, so that this index holds what waits and nothing else.
  .index({ dueAt: 1 }, { sparse: true })
  .index({ requestedAt: -1 })
  .index({ status: 1, requestedAt: -1 });

/** Invoices in MongoDB. That two requests of one order at once are one is their number: an id is used once. */
export class InvoiceStore {
  readonly #model: Model<Invoice>;

  constructor(db: Connection) {
    this.#model = db.model<Invoice>('Invoice', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** False where the number is taken. */
  async insert(invoice: Invoice): Promise<boolean> {
    try {
      await this.#model.create(invoice);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** In the order in which they were asked for. */
  async ofOrder(orderNo: string): Promise<Invoice[]> {
    return this.#model.find({ orderNo }).sort({ orderNo: 1, _id: 1 }).lean<Invoice[]>().exec();
  }

  /** Newest first. */
  async list(query: { status?: Invoice['status'] | undefined; limit: number }): Promise<Invoice[]> {
    const { status, limit } = query;
    return this.#model
      .find(status === undefined ? {} : { status })
      .sort({ requestedAt: -1 })
      .limit(limit)
      .lean<Invoice[]>()
      .exec();
  }

  /** Takes one that is due until `until`; null where none is, or others took them all. */
  async take(now: Date, until: Date): Promise<Invoice | null> {
    return this.#model
      .findOneAndUpdate(
        { dueAt: { $lte: now } },
        { $set: { dueAt: until } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .lean<Invoice>()
      .exec();
  }

  /** Changes one that still has this status; false where it has another by now. */
  async change(invoice: Pick<Invoice, '_id' | 'status'>, change: Partial<Invoice>): Promise<boolean> {
    const { _id, status } = invoice;
    const result = await this.#model.updateOne({ _id, status }, { $set: change }).exec();
    return result.matchedCount === 1;
  }

  /** It need not be looked at again, where it still has this status. */
  async rest({ _id, status }: Pick<Invoice, '_id' | 'status'>): Promise<void> {
    await this.#model.updateOne({ _id, status }, { $unset: { dueAt: 1 } }).exec();
  }
}
