import { Schema, type Connection, type Model } from 'mongoose';
import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { Alert } from './alert.ts';

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<Alert>(
  {
    ...{ _id: text, rule: text, subject: text, key: text, severity: text, status: text },
    orgPath: { type: [String], required: true },
    ...{ level: whole, count: whole, worst: whole, seen: whole, misses: whole, version: whole },
    ...{ since: time, openedAt: time, lastSeenAt: time, resolvedAt: { type: Date, default: null } },
    facts: { type: Object, required: true },
    acknowledged: { type: Object, default: null },
    told: { type: Object, required: true },
    closing: { type: Boolean, required: true },
  },
  {
    ...{ collection: 'alerts', versionKey: false, strict: 'throw', autoIndex: false, minimize: false },
    writeConcern: DURABLE,
  },
)
  .index({ key: 1, openedAt: -1 })
  .index({ closing: 1 })
  .index({ status: 1, openedAt: -1, _id: 1 })
  .index({ status: 1, orgPath: 1, openedAt: -1, _id: 1 });

/** Open alerts are few; more than this at once are looked at in the next round. */
const MOST = 2_000;

/** Alerts in MongoDB. That a trouble is one alert while it lasts is its id, which follows from the one before it. */
export class AlertStore {
  readonly #model: Model<Alert>;

  constructor(db: Connection) {
    this.#model = db.model<Alert>('Alert', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(opened: Alert): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(opened);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Alert | null> {
    return this.#model.findById(id).lean<Alert>().exec();
  }

  /** The newest of a key, open or not. */
  async lastOf(key: string): Promise<Alert | null> {
    return this.#model.findOne({ key }).sort({ openedAt: -1 }).lean<Alert>().exec();
  }

  /** Those that are open, of these rules or of all. */
  async open(rules?: readonly AlertRule[]): Promise<Alert[]> {
    const of = rules === undefined ? {} : { rule: { $in: [...rules] } };
    return this.#model
      .find({ status: 'open', ...of })
      .sort({ openedAt: -1, _id: 1 })
      .limit(MOST)
      .lean<Alert[]>()
      .exec();
  }

  /** Those whose end is still to be told. */
  async closing(): Promise<Alert[]> {
    return this.#model.find({ closing: true }).limit(MOST).lean<Alert[]>().exec();
  }

  /** Newest first. */
  async list(
    query: { status: Alert['status']; after?: Alert | undefined; limit: number },
    scope: Scope,
  ): Promise<Alert[]> {
    const { status, after, limit } = query;
    const older =
      after === undefined
        ? {}
        : {
            $or: [
              { openedAt: { $lt: after.openedAt } },
              { openedAt: after.openedAt, _id: { $gt: after._id } },
            ],
          };
    return this.#model
      .find({ status, ...within(scope), ...older })
      .sort({ openedAt: -1, _id: 1 })
      .limit(limit)
      .lean<Alert[]>()
      .exec();
  }

  /** Compare-and-set on the version; null where it was changed meanwhile. */
  async change(before: Alert, set: Partial<Omit<Alert, '_id' | 'version'>>): Promise<Alert | null> {
    const version = before.version + 1;
    const { matchedCount } = await this.#model
      .updateOne({ _id: before._id, version: before.version }, { $set: { ...set, version } })
      .exec();
    return matchedCount === 1 ? { ...before, ...set, version } : null;
  }

  /** Those that were opened before this and are over. */
  async purge(before: Date): Promise<void> {
    await this.#model.deleteMany({ status: 'resolved', openedAt: { $lt: before } }).exec();
  }
}
