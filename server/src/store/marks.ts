import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from './durable.ts';
import type { ChangeMark } from './order-changes.ts';

interface MarkDocument extends ChangeMark {
  readonly _id: string;
}

const schema = new Schema<MarkDocument>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    orderNo: { type: String, default: '' },
  },
  { collection: 'marks', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** How far each projector has come. It only goes on: a slower one never sets it back. */
export class MarkStore {
  readonly #model: Model<MarkDocument>;

  constructor(db: Connection) {
    this.#model = db.model<MarkDocument>('Mark', schema);
  }

  /** The beginning of time where it never was set. */
  async get(projector: string): Promise<ChangeMark> {
    const found = await this.#model.findById(projector).lean<MarkDocument | null>().exec();
    return { at: found?.at ?? new Date(0), orderNo: found?.orderNo ?? '' };
  }

  /** How far each has come, by its name without a generation (`name:7`): the furthest of its generations. */
  async reached(): Promise<Map<string, Date>> {
    const reached = new Map<string, Date>();
    for (const { _id, at } of await this.#model.find().lean<MarkDocument[]>().exec()) {
      const name = _id.split(':')[0] ?? _id;
      const known = reached.get(name);
      if (known === undefined || known < at) reached.set(name, at);
    }
    return reached;
  }

  async advance(projector: string, mark: ChangeMark): Promise<void> {
    const { at, orderNo } = mark;
    try {
      await this.#model
        .updateOne({ _id: projector, at: { $lt: at } }, { $set: { at, orderNo } }, { upsert: true })
        .exec();
    } catch (error) {
      // It is there, and further.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
