import { Schema, type Connection, type Model } from 'mongoose';
import type { OrgStore } from '../../access/store/orgs.ts';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import type { DiscountRule, Household, KnownHousehold } from './rule.ts';

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

const householdSchema = new Schema<KnownHousehold>(
  { _id: text, community: text, tags: { type: [String], required: true } },
  { ...common, collection: 'households' },
)
  .index({ community: 1, tags: 1 })
  .index({ tags: 1 });

/** Rules, and what is known of households. Few rules, looked at for each order. */
export class DiscountRuleStore {
  readonly #rules: Model<DiscountRule>;
  readonly #households: Model<KnownHousehold>;
  readonly #orgs: Pick<OrgStore, 'get' | 'within'>;

  constructor(db: Connection, orgs: Pick<OrgStore, 'get' | 'within'>) {
    this.#orgs = orgs;
    this.#rules = db.model<DiscountRule>('DiscountRule', ruleSchema);
    this.#households = db.model<KnownHousehold>('Household', householdSchema);
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

  /** Newest first; of these organisations alone where they are named. */
  async list(limit: number, of?: readonly (string | null)[]): Promise<DiscountRule[]> {
    return this.#rules
      .find(of === undefined ? {} : { community: { $in: [...of] } })
      .sort({ createdAt: -1 })
      .limit(limit)
      .lean<DiscountRule[]>()
      .exec();
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
    const [known] = await this.#placed(await this.#households.find({ _id: key }).limit(1).lean().exec());
    return known ?? null;
  }

  /** Those of them of which something is known. */
  async householdsAmong(keys: readonly string[]): Promise<Household[]> {
    return this.#placed(
      await this.#households
        .find({ _id: { $in: [...keys] } })
        .lean()
        .exec(),
    );
  }

  /** How many households are known of an organisation and those below it, with this tag; counted up to `most`. */
  async countHouseholds(
    { community, tag }: Pick<DiscountRule, 'community' | 'tag'>,
    most: number,
  ): Promise<number> {
    const of = community === null ? {} : { community: { $in: await this.#below(community) } };
    const found = await this.#households
      .find({ ...of, ...(tag === null ? {} : { tags: tag }) }, { _id: 1 })
      .limit(most)
      .lean()
      .exec();
    return found.length;
  }

  async dropHouseholds(ids: readonly string[]): Promise<void> {
    await this.#households.deleteMany({ _id: { $in: [...ids] } }).exec();
  }

  async setHousehold({ _id, community, tags }: KnownHousehold): Promise<void> {
    await this.#households.updateOne({ _id }, { $set: { community, tags } }, { upsert: true }).exec();
  }

  async #below(community: string): Promise<readonly string[]> {
    const ids = (await this.#orgs.within(community)).map(({ _id }) => _id);
    return ids.length === 0 ? [community] : ids;
  }

  async #placed(known: readonly KnownHousehold[]): Promise<Household[]> {
    const communities = [...new Set(known.map(({ community }) => community))];
    const found = await Promise.all(communities.map((id) => this.#orgs.get(id)));
    const paths = new Map(found.flatMap((org) => (org === null ? [] : [[org._id, org.path] as const])));
    return known.map((each) => ({ ...each, orgPath: paths.get(each.community) ?? [each.community] }));
  }
}
