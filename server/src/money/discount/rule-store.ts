import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import type { DiscountRule, Household } from './rule.ts';

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const time = { type: Date, required: true } as const;
const common = { versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE } as const;

const ruleSchema = new Schema<DiscountRule>(
  {
    _id: text,
    names: { type: Object, required: true },
    status: text,
    community: { type: String, default: null },
    tag: { type: String, default: null },
    from: time,
    to: time,
    off: { type: Object, required: true },
    capFen: whole,
    budgetFen: whole,
    funder: text,
    createdBy: text,
    createdAt: time,
  },
  { ...common, collection: 'discountrules' },
).index({ status: 1, to: 1 });

const householdSchema = new Schema<Household>(
  { _id: text, community: text, tags: { type: [String], required: true } },
  { ...common, collection: 'households' },
)
  .index({ community: 1, tags: 1 })
  .index({ tags: 1 });

/** Rules, and what is known of households. Few rules, looked at for each order. */
export class DiscountRuleStore {
  readonly #rules: Model<DiscountRule>;
  readonly #households: Model<Household>;

  constructor(db: Connection) {
    this.#rules = db.model<DiscountRule>('DiscountRule', ruleSchema);
    this.#households = db.model<Household>('Household', householdSchema);
  }

  async prepare(): Promise<void> {
    await Promise.all([this.#rules.createIndexes(), this.#households.createIndexes()]);
  }

  async insert(rule: DiscountRule): Promise<void> {
    await this.#rules.create(rule);
  }

  async get(id: string): Promise<DiscountRule | null> {
    return this.#rules.findById(id).lean<DiscountRule>().exec();
  }

  /** Newest first. */
  async list(limit: number): Promise<DiscountRule[]> {
    return this.#rules.find().sort({ createdAt: -1 }).limit(limit).lean<DiscountRule[]>().exec();
  }

  /** Those that can give something at this time. */
  async active(now: Date): Promise<DiscountRule[]> {
    return this.#rules
      .find({ status: 'active', to: { $gt: now } })
      .lean<DiscountRule[]>()
      .exec();
  }

  async setStatus(id: string, status: DiscountRule['status']): Promise<void> {
    await this.#rules.updateOne({ _id: id }, { $set: { status } }).exec();
  }

  async household(key: string): Promise<Household | null> {
    return this.#households.findById(key).lean<Household>().exec();
  }

  /** Of how many known households a rule is; counted up to `most`. */
  async countHouseholds(
    { community, tag }: Pick<DiscountRule, 'community' | 'tag'>,
    most: number,
  ): Promise<number> {
    const found = await this.#households
      .find(
        { ...(community === null ? {} : { community }), ...(tag === null ? {} : { tags: tag }) },
        { _id: 1 },
      )
      .limit(most)
      .lean()
      .exec();
    return found.length;
  }

  async dropHouseholds(ids: readonly string[]): Promise<void> {
    await this.#households.deleteMany({ _id: { $in: [...ids] } }).exec();
  }

  async setHousehold({ _id, community, tags }: Household): Promise<void> {
    await this.#households.updateOne({ _id }, { $set: { community, tags } }, { upsert: true }).exec();
  }
}
