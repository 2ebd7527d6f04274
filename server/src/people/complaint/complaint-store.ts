import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { covers, within, type Scope } from '../../kernel/scope.ts';
import type { Complaint } from './complaint.ts';

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const options = { _id: false, strict: 'throw' } as const;
const step = new Schema(
  { kind: text, text: { type: String, default: '' }, at: time, by: text, byName: text, status: text },
  options,
);

const schema = new Schema<Complaint>(
  {
    _id: text,
    channel: text,
    no: text,
    problem: text,
    text,
    state: text,
    orderNo: { type: String, default: null },
    orgPath: { type: [String], default: undefined },
    transactionId: text,
    amountFen: { type: Number, required: true },
    raisedAt: time,
    answerBy: time,
    finishBy: time,
    steps: { type: [step], required: true },
    version: { type: Number, required: true },
    dueAt: { type: Date, default: null },
  },
  { collection: 'complaints', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ raisedAt: -1 })
  .index({ state: 1, raisedAt: -1 })
  .index({ orgPath: 1, raisedAt: -1 })
  .index({ orderNo: 1 })
  .index({ channel: 1, raisedAt: -1 })
  .index({ dueAt: 1 });

/** Complaints in MongoDB: one document each, changed by compare-and-set. */
export class ComplaintStore {
  readonly #model: Model<Complaint>;

  constructor(db: Connection) {
    this.#model = db.model<Complaint>('Complaint', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(complaint: Complaint): Promise<boolean> {
    try {
      await this.#model.create(complaint);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async get(id: string): Promise<Complaint | null> {
    return this.#model.findById(id).lean<Complaint>().exec();
  }

  /** Null also where it is outside of the scope. */
  async getWithin(id: string, scope: Scope): Promise<Complaint | null> {
    const found = await this.get(id);
    return found !== null && covers(scope, found.orgPath) ? found : null;
  }

  /** Newest first. */
  async list(
    query: {
      state?: Complaint['state'] | undefined;
      orderNo?: string | undefined;
      limit: number;
    },
    scope: Scope,
  ): Promise<Complaint[]> {
    const { state, orderNo, limit } = query;
    return this.#model
      .find({
        ...(state === undefined ? {} : { state }),
        ...(orderNo === undefined ? {} : { orderNo }),
        ...within(scope),
      })
      .sort({ raisedAt: -1 })
      .limit(limit)
      .lean<Complaint[]>()
      .exec();
  }

  /** When the newest one that we know of a channel was raised. */
  async newest(channel: Complaint['channel']): Promise<Date | null> {
    const found = await this.#model
      .findOne({ channel }, { raisedAt: 1 })
      .sort({ raisedAt: -1 })
      .lean<Complaint>()
      .exec();
    return found?.raisedAt ?? null;
  }

  /** When the oldest one that is not finished was raised: what changed at the wallet is looked for from there. */
  async oldestUnfinished(channel: Complaint['channel']): Promise<Date | null> {
    const found = await this.#model
      .findOne({ channel, state: { $in: ['open', 'answered'] } }, { raisedAt: 1 })
      .sort({ raisedAt: 1 })
      .lean<Complaint>()
      .exec();
    return found?.raisedAt ?? null;
  }

  /** Takes one that waits to be told until `until`; null where none does. */
  async take(now: Date, until: Date): Promise<Complaint | null> {
    return this.#model
      .findOneAndUpdate(
        { dueAt: { $ne: null, $lte: now } },
        { $set: { dueAt: until }, $inc: { version: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .lean<Complaint>()
      .exec();
  }

  /** False where it has been changed since. */
  async change(before: Complaint, change: Partial<Complaint>): Promise<boolean> {
    const { _id, version } = before;
    const result = await this.#model
      .updateOne({ _id, version }, { $set: { ...change, version: version + 1 } })
      .exec();
    return result.matchedCount === 1;
  }
}
