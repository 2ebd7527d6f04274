import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { LimitName } from '@bianmin/purchase/api/alert-limits';
import { limitsOf, type Limits } from './limits.ts';

interface ChosenDocument {
  readonly _id: string;
  readonly values: Readonly<Partial<Record<LimitName, number>>>;
  readonly version: number;
}

const schema = new Schema<ChosenDocument>(
  {
    _id: { type: String, required: true },
    values: { type: Object, required: true },
    version: { type: Number, required: true },
  },
  {
    ...{ collection: 'alertlimits', versionKey: false, strict: 'throw', autoIndex: false, minimize: false },
    writeConcern: DURABLE,
  },
);
const ONE = 'limits';

/** What administrators chose in place of the defaults: one document. */
export class LimitStore {
  readonly #model: Model<ChosenDocument>;

  constructor(db: Connection) {
    this.#model = db.model<ChosenDocument>('AlertLimits', schema);
  }

  /** Version 0: nothing has been chosen. */
  async get(): Promise<{ values: ChosenDocument['values']; version: number }> {
    const found = await this.#model.findById(ONE).lean<ChosenDocument>().exec();
    return found ?? { values: {}, version: 0 };
  }

  async current(): Promise<Limits> {
    return limitsOf((await this.get()).values);
  }

  /** Compare-and-set on the version; false where it is another by now. */
  async change(version: number, values: ChosenDocument['values']): Promise<boolean> {
    const set = { values, version: version + 1 };
    if (version > 0) {
      return (await this.#model.updateOne({ _id: ONE, version }, { $set: set }).exec()).matchedCount === 1;
    }
    try {
      await this.#model.create({ _id: ONE, ...set });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
