import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { CommissionRule } from './rule.ts';

/** Every rule of one place (`placeOf`), which one write changes as a whole: two that overlap are never both in it. */
export interface PlacedRules {
  readonly _id: string;
  /** Grows with each change; a change names the version that was seen. */
  readonly version: number;
  readonly rules: readonly CommissionRule[];
}

const schema = new Schema<PlacedRules>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    rules: { type: [Object], required: true },
  },
  {
    collection: 'commissionrules',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
);

/** Rules in MongoDB: some hundreds, read as a whole. */
export class CommissionRuleStore {
  readonly #model: Model<PlacedRules>;

  constructor(db: Connection) {
    this.#model = db.model<PlacedRules>('CommissionRules', schema);
  }

  /** Also those that are over: what undoes an old sale goes by the rule of its day. */
  async all(): Promise<CommissionRule[]> {
    const places = await this.#model.find().lean<PlacedRules[]>().exec();
    return places.flatMap(({ rules }) => rules);
  }

  async of(place: string): Promise<PlacedRules | null> {
    return this.#model.findById(place).lean<PlacedRules>().exec();
  }

  /** Stores `rules` where the place is as it was `before`; false: somebody was faster. */
  async replace(
    place: string,
    before: PlacedRules | null,
    rules: readonly CommissionRule[],
  ): Promise<boolean> {
    if (before === null) {
      try {
        await this.#model.create({ _id: place, version: 1, rules });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    }
    const { version } = before;
    const replaced = await this.#model
      .findOneAndUpdate({ _id: place, version }, { $set: { rules, version: version + 1 } })
      .lean<PlacedRules | null>()
      .exec();
    return replaced !== null;
  }
}
