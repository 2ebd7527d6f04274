import type { DiscountRule, Household, KnownHousehold } from '../money/discount/rule.ts';
import type { DiscountRuleStore } from '../money/discount/rule-store.ts';
import { sampleOrgs } from './memory-orgs.ts';

const NEVER = new Date(0);

/** Rules of discounts and what is known of households, in memory. */
export class MemoryRuleStore {
  readonly rules = new Map<string, DiscountRule>();
  readonly households = new Map<string, KnownHousehold>();
  readonly orgs = sampleOrgs();

  /** For who asks for those in the database. */
  get store(): DiscountRuleStore {
    return this as unknown as DiscountRuleStore;
  }

  insert(rule: DiscountRule): Promise<void> {
    this.rules.set(rule._id, rule);
    return Promise.resolve();
  }

  get(id: string): Promise<DiscountRule | null> {
    return Promise.resolve(this.rules.get(id) ?? null);
  }

  list(limit: number, of?: readonly (string | null)[]): Promise<DiscountRule[]> {
    const these = [...this.rules.values()].filter(({ community }) => of?.includes(community) ?? true);
    const all = these.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    return Promise.resolve(all.slice(0, limit));
  }

  active(now: Date): Promise<DiscountRule[]> {
    const found = [...this.rules.values()].filter(({ status, to }) => status === 'active' && to > now);
    return Promise.resolve(found);
  }

  setStatus(id: string, status: DiscountRule['status']): Promise<void> {
    const known = this.rules.get(id);
    if (known !== undefined) this.rules.set(id, { ...known, status });
    return Promise.resolve();
  }

  async household(key: string): Promise<Household | null> {
    const [known] = await this.householdsAmong([key]);
    return known ?? null;
  }

  householdsAmong(keys: readonly string[]): Promise<Household[]> {
    return Promise.all(
      keys.flatMap((key) => this.households.get(key) ?? []).map((known) => this.#placed(known)),
    );
  }

  async countHouseholds(
    { community, tag }: Pick<DiscountRule, 'community' | 'tag'>,
    most: number,
  ): Promise<number> {
    const all = await this.householdsAmong([...this.households.keys()]);
    const of = all.filter(
      ({ orgPath, tags }) =>
        (community === null || orgPath.includes(community)) && (tag === null || tags.includes(tag)),
    );
    return Math.min(most, of.length);
  }

  async #placed(known: KnownHousehold): Promise<Household> {
    return { ...known, orgPath: (await this.orgs.get(known.community))?.path ?? [known.community] };
  }

  setHousehold(household: KnownHousehold): Promise<void> {
    const { _id, since = NEVER } = household;
    if (since >= (this.households.get(_id)?.since ?? NEVER)) this.households.set(_id, household);
    return Promise.resolve();
  }
}

/** A rule that gives ten percent to every household in March 2026, with whatever a test needs different. */
export function sampleRule(over: Partial<DiscountRule> = {}): DiscountRule {
  return {
    ...{ _id: 'rule-1', status: 'active', community: null, tag: null, funder: 'street-office' },
    names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
    ...{ from: new Date('2026-03-01T00:00:00+08:00'), to: new Date('2026-04-01T00:00:00+08:00') },
    ...{ off: { kind: 'percent', percent: 10 }, capFen: 1000, budgetFen: 10_000, createdBy: 'anna' },
    createdAt: new Date('2026-02-27T02:00:00Z'),
    ...over,
  };
}
