import { expect } from 'vitest';
import type { DiscountRuleRequest } from '@bianmin/purchase/api/discount';
import { CapStore, type Cap } from '../money/discount/cap-store.ts';
import type { DiscountRules } from '../money/discount/rules.ts';
import type { HoldSettler } from '../money/discount/settler.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { createDiscounts, type DiscountServices } from '../wiring/discounts.ts';
import { openAccess, type TestAccess } from './access.ts';
import { testConfig } from './config.ts';
import type { TestContext } from './context.ts';
import { crashing } from './crashing-store.ts';
import type { FakeCard } from './fake-card.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import { OrderWorld } from './order-world.ts';
import { ANNA, BORIS, HERE } from './staff-world.ts';

interface Parts {
  readonly world: OrderWorld;
  readonly access: TestAccess;
  readonly discounts: DiscountServices;
}

/** The order engine with discounts, whose budgets and caps are in the database; `dies` says when a write of an order kills the process. */
export class DiscountWorld {
  dies: () => 'no' | 'before' | 'after' = () => 'no';
  readonly world: OrderWorld;
  readonly access: TestAccess;
  readonly discounts: DiscountServices;
  readonly rules: DiscountRules;
  readonly settler: HoldSettler;
  readonly caps: CapStore;
  readonly #t: TestContext;

  private constructor(t: TestContext, { world, access, discounts }: Parts) {
    this.#t = t;
    this.world = world;
    this.access = access;
    this.discounts = discounts;
    this.rules = discounts.rules(access);
    this.settler = discounts.settler(world.services.store);
    this.caps = new CapStore(t.db);
  }

  static async open(t: TestContext): Promise<DiscountWorld> {
    for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
    t.db.deleteModel(/.*/u);
    const built: { desk?: DiscountServices['desk']; w?: DiscountWorld } = {};
    const world = await OrderWorld.open({
      store: crashing(new MemoryOrderStore(), () => built.w?.dies() ?? 'no'),
      discounts: {
        reserve: (request) => built.desk?.reserve(request) ?? Promise.resolve({}),
        release: (orderNo, rule) => built.desk?.release(orderNo, rule) ?? Promise.resolve(),
      },
    });
    const { clock, log } = world;
    const grid = { grid: 'collection-v1', cancelsWritten: false };
    const discounts = await createDiscounts({ db: t.db, clock, log, config: testConfig(), grid });
    built.desk = discounts.desk;
    built.w = new DiscountWorld(t, { world, access: await openAccess(t, clock), discounts });
    return built.w;
  }

  /** This many days from now. */
  day(offset: number): string {
    return new Date(this.world.clock.now() + offset * 86_400_000).toISOString();
  }

  /** A rule that a second person has allowed; its id. */
  async allowed(over: Partial<DiscountRuleRequest> = {}): Promise<string> {
    const { rule, approval } = await this.rules.propose(
      {
        names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
        ...{ community: null, tag: null, from: this.day(-1), to: this.day(30), funder: 'tianshan-office' },
        ...{
          off: { kind: 'percent', percent: 10 },
          capFen: 1_000,
          budgetFen: 10_000,
          reason: 'Decided in March.',
        },
        ...over,
      },
      ANNA,
      HERE,
    );
    await this.access.approvals.decide({ id: approval._id, checker: BORIS, accept: true, where: HERE });
    return rule._id;
  }

  /** A rule that is not allowed yet. */
  async proposed() {
    const made = await this.rules.propose(
      {
        names: { 'zh-CN': '新', ug: 'n', en: 'n' },
        ...{ community: null, tag: null, from: this.day(-1), to: this.day(1), funder: 'x' },
        ...{ reason: 'None yet.', off: { kind: 'percent', percent: 10 }, capFen: 1, budgetFen: 1 },
      },
      ANNA,
      HERE,
    );
    return made.rule;
  }

  /** The card's household is of this community, with these tags; and the request does not say who it is. */
  async tagged(card: FakeCard, community: string, tags: string[]): Promise<void> {
    const households = [{ customerNo: this.world.customerOf(card), community, tags }];
    const approval = await this.rules.requestHouseholds(
      { households, reason: 'The list of May.' },
      ANNA,
      HERE,
    );
    expect(JSON.stringify(approval)).not.toContain(this.world.customerOf(card));
    await this.access.approvals.decide({ id: approval._id, checker: BORIS, accept: true, where: HERE });
  }

  async budgetOf(id: string): Promise<{ left: number; held: number; spent: number }> {
    const budget = (await this.rules.list(WHOLE_PROVINCE)).find(({ rule }) => rule._id === id)?.budget;
    return { left: budget?.leftFen ?? 0, held: budget?.heldFen ?? 0, spent: budget?.spentFen ?? 0 };
  }

  /** What is held in all caps is what is held in all budgets. */
  async capsHold(): Promise<number> {
    const all = await this.#t.db.collection('discountcaps').find({}).toArray();
    return all.reduce((sum, cap) => sum + heldIn(cap as unknown as Cap), 0);
  }
}

/** What is held in one cap. */
const heldIn = ({ holds }: Cap): number => holds.reduce((sum, { fen }) => sum + fen, 0);
