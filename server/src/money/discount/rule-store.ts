import { mongo, Schema, type Connection, type Model } from 'mongoose';
import type { OrgStore } from '../../access/store/orgs.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DUPLICATE_KEY, DURABLE } from '../../adapters/mongo/durable.ts';
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
  { _id: text, community: text, tags: { type: [String], required: true }, since: Date },
  { ...common, collection: 'households' },
)
  .index({ community: 1, tags: 1 })
  .index({ tags: 1 });

/** Rules, and what is known of households. Few rules, looked at for each order. */
export class DiscountRuleStore {
  readonly #rules: Model<DiscountRule>;
  readonly #households: Model<KnownHousehold>;
  /** The same by the driver alone, for many at once. */
  readonly #many: mongo.Collection<KnownHousehold>;
  readonly #orgs: Pick<OrgStore, 'get' | 'within'>;

  constructor(db: Connection, orgs: Pick<OrgStore, 'get' | 'within'>) {
    this.#orgs = orgs;
    this.#many = collectionOf<KnownHousehold>(db, 'households');
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

  /** Of these names those of which something was said after that time. */
  async newerAmong(ids: readonly string[], since: Date): Promise<string[]> {
    const newer = { _id: { $in: [...ids] }, since: { $gt: since } };
    const found = await this.#many.find(newer, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** But for those of which something was said after that time. */
  async dropHouseholds(ids: readonly string[], since: Date): Promise<void> {
    await this.#many.deleteMany({ _id: { $in: [...ids] }, since: notAfter(since) });
  }

  /** Nothing where something was said of it after its time. */
  async setHousehold(household: KnownHousehold): Promise<void> {
    await this.setHouseholds([household]);
  }

  /**
   * Sets many at once, each under a name of its own; gives of how many something newer was known, which stays. New ones are inserted
   * together and known ones changed together: a write that may be either is one commit each in some databases, and each commit waits for
   * the disk.
   */
  async setHouseholds(households: readonly KnownHousehold[]): Promise<number> {
    const ids = households.map(({ _id }) => _id);
    const found = await this.#many.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    // Those that somebody else made meanwhile are known by now.
    const made = await this.#insert(households.filter(({ _id }) => !known.has(_id)));
    return this.#change([...households.filter(({ _id }) => known.has(_id)), ...made]);
  }

  /** Gives those that are there already. */
  async #insert(households: readonly KnownHousehold[]): Promise<KnownHousehold[]> {
    if (households.length === 0) return [];
    try {
      await this.#many.insertMany(
        households.map(({ _id, ...says }) => ({ _id, ...settingOf(says) })),
        { ordered: false },
      );
      return [];
    } catch (error) {
      const refused = refusedOf(error);
      if (refused === undefined) throw error;
      return refused.flatMap((n) => households[n] ?? []);
    }
  }

  /** Gives of how many something newer is known. Those of which the same is said change together. */
  async #change(households: readonly KnownHousehold[]): Promise<number> {
    if (households.length === 0) return 0;
    const groups = new Map<string, KnownHousehold[]>();
    for (const each of households) {
      const says = JSON.stringify(settingOf(each));
      const group = groups.get(says);
      if (group === undefined) groups.set(says, [each]);
      else group.push(each);
    }
    const changes = [...groups.values()].flatMap(([first, ...more]) => {
      if (first === undefined) return [];
      const { since } = first;
      const ids = { _id: { $in: [first, ...more].map(({ _id }) => _id) } };
      const filter = since === undefined ? ids : { ...ids, since: notAfter(since) };
      return [{ updateMany: { filter, update: { $set: settingOf(first) } } }];
    });
    return households.length - (await this.#many.bulkWrite(changes, { ordered: false })).matchedCount;
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

const notAfter = (since: Date) => ({ $not: { $gt: since } });

function settingOf({ community, tags, since }: Omit<KnownHousehold, '_id'>): Omit<KnownHousehold, '_id'> {
  return { community, tags, ...(since !== undefined && { since }) };
}

/** Which of a batch's writes met a household of the same name; undefined: something else went wrong. */
function refusedOf(error: unknown): number[] | undefined {
  if (!(error instanceof mongo.MongoBulkWriteError)) return undefined;
  if (error.result.getWriteConcernError() !== undefined) return undefined;
  const refused = [error.writeErrors].flat();
  if (refused.length === 0 || refused.some(({ code }) => code !== DUPLICATE_KEY)) return undefined;
  return refused.map(({ index }) => index);
}
