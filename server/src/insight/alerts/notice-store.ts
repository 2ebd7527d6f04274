import { Schema, type Connection, type Model } from 'mongoose';
import type { AlertNoticeKind, AlertNoticeState } from '@bianmin/purchase/api/alerts';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** One message to one destination: stored before it is sent, sent until it has arrived or a day is over. */
export interface Notice {
  /** `alert:n:destination`: the same announcement is one notice, however often it is made. */
  readonly _id: string;
  readonly alertId: string;
  readonly kind: AlertNoticeKind;
  readonly destination: string;
  /** What is sent; nothing in it is secret. */
  readonly text: string;
  readonly state: AlertNoticeState;
  readonly at: Date;
  readonly nextAt: Date;
  readonly tries: number;
  readonly sentAt: Date | null;
  readonly failure: string | null;
}

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<Notice>(
  {
    ...{ _id: text, alertId: text, kind: text, destination: text, text, state: text },
    ...{ at: time, nextAt: time, tries: { type: Number, required: true } },
    sentAt: { type: Date, default: null },
    failure: { type: String, default: null },
  },
  { collection: 'alertnotices', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ state: 1, nextAt: 1 })
  .index({ destination: 1, state: 1, at: 1 })
  .index({ alertId: 1, at: 1 })
  .index({ at: 1 });

const MOST = 500;

/** The outbox of alerts in MongoDB. */
export class NoticeStore {
  readonly #model: Model<Notice>;

  constructor(db: Connection) {
    this.#model = db.model<Notice>('AlertNotice', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Those that are there already stay as they are. */
  async insert(notices: readonly Notice[]): Promise<void> {
    if (notices.length === 0) return;
    const writes = notices.map(({ _id, ...rest }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    }));
    await this.#model.bulkWrite(writes, { ordered: false, throwOnValidationError: true });
  }

  /** Destinations that something waits for now. */
  async due(now: Date): Promise<string[]> {
    const found = await this.#model
      .find({ state: 'waiting', nextAt: { $lte: now } }, { destination: 1 })
      .sort({ nextAt: 1 })
      .limit(MOST)
      .lean<Pick<Notice, 'destination'>[]>()
      .exec();
    return [...new Set(found.map(({ destination }) => destination))];
  }

  /** What waits for one destination, the oldest first. */
  async waitingFor(destination: string, limit: number): Promise<Notice[]> {
    return this.#model
      .find({ destination, state: 'waiting' })
      .sort({ at: 1 })
      .limit(limit)
      .lean<Notice[]>()
      .exec();
  }

  /** What was sent of an alert, or is to be, the newest first. */
  async ofAlert(alertId: string): Promise<Notice[]> {
    return this.#model.find({ alertId }).sort({ at: -1 }).limit(MOST).lean<Notice[]>().exec();
  }

  /** Whether something waits for a destination now. */
  async isDue(destination: string, now: Date): Promise<boolean> {
    return (
      (await this.#model.exists({ destination, state: 'waiting', nextAt: { $lte: now } }).exec()) !== null
    );
  }

  async sent(ids: readonly string[], at: Date): Promise<void> {
    const set = { state: 'sent', sentAt: at, failure: null };
    await this.#model.updateMany({ _id: { $in: [...ids] }, state: 'waiting' }, { $set: set }).exec();
  }

  /** Everything that waits for a destination is tried again then. */
  async postpone(destination: string, set: Pick<Notice, 'tries' | 'failure' | 'nextAt'>): Promise<void> {
    await this.#model.updateMany({ destination, state: 'waiting' }, { $set: set }).exec();
  }

  /** What waits for a destination, of which nothing comes any more: all of it, or what was made until then. */
  async giveUp(destination: string, of: { failure: string; before?: Date }): Promise<void> {
    const { failure, before } = of;
    await this.#model
      .updateMany(
        { destination, state: 'waiting', ...(before === undefined ? {} : { at: { $lte: before } }) },
        { $set: { state: 'given-up', failure } },
      )
      .exec();
  }

  /** Who was told of an alert, or will be. */
  async toldOf(alertId: string): Promise<string[]> {
    const found = await this.#model
      .find({ alertId, state: { $in: ['waiting', 'sent'] } }, { destination: 1 })
      .lean<Pick<Notice, 'destination'>[]>()
      .exec();
    return [...new Set(found.map(({ destination }) => destination))];
  }

  async purge(before: Date): Promise<void> {
    await this.#model.deleteMany({ at: { $lt: before } }).exec();
  }
}
