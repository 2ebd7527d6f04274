import type { Clock } from '@bianmin/card/clock';
import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
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

/** What changed while a mark stood in the future has gone by unseen: it is looked for as far back as clocks go wrong, ms. */
const UNSEEN_MS = 48 * 3_600_000;

/**
 * How far each projector has come. It only goes on: a slower one never sets it back. It never goes past now either: an
 * order that a wrong clock has stamped ahead is seen again until its time has come, and hides nothing that happens before.
 */
export class MarkStore {
  readonly #model: Model<MarkDocument>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(db: Connection, clock: Pick<Clock, 'now'>) {
    this.#model = db.model<MarkDocument>('Mark', schema);
    this.#clock = clock;
  }

  /** The beginning of time where it never was set. One in the future is set back, and what it hid is seen. */
  async get(projector: string): Promise<ChangeMark> {
    const now = new Date(this.#clock.now());
    const found = await this.#model.findById(projector).lean<MarkDocument | null>().exec();
    if (found === null) return { at: new Date(0), orderNo: '' };
    if (found.at <= now) return { at: found.at, orderNo: found.orderNo };
    const back = { at: new Date(now.getTime() - UNSEEN_MS), orderNo: '' };
    await this.#model.updateOne({ _id: projector, at: found.at }, { $set: back }).exec();
    return back;
  }

  /** How far each has come, by its name without a generation (`name:7`): the furthest of its generations. */
  async reached(): Promise<Map<string, Date>> {
    const reached = new Map<string, Date>();
    const now = new Date(this.#clock.now());
    for (const { _id, at: stored } of await this.#model.find().lean<MarkDocument[]>().exec()) {
      const at = stored <= now ? stored : new Date(now.getTime() - UNSEEN_MS);
      const name = _id.split(':')[0] ?? _id;
      const known = reached.get(name);
      if (known === undefined || known < at) reached.set(name, at);
    }
    return reached;
  }

  async advance(projector: string, mark: ChangeMark): Promise<void> {
    const now = new Date(this.#clock.now());
    const { at, orderNo } = mark.at <= now ? mark : { at: now, orderNo: '' };
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
