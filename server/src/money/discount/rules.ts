import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { DiscountRuleRequest, HouseholdsRequest } from '@bianmin/purchase/api/discount';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { Budget, BudgetStore } from './budget-store.ts';
import type { HouseholdKey } from './desk.ts';
import type { DiscountRule } from './rule.ts';
import type { DiscountRuleStore } from './rule-store.ts';

const ruleContent = z.object({ ruleId: z.string() });
const pauseContent = z.object({ ruleId: z.string(), paused: z.boolean() });
const householdsContent = z.object({
  households: z.array(
    z.object({
      key: z.string(),
      former: z.array(z.string()).default([]),
      community: z.string(),
      tags: z.array(z.string()),
    }),
  ),
});

/** A rule and what has become of its budget. */
export interface RuleWithBudget {
  readonly rule: DiscountRule;
  /** null until a second person allowed the rule. */
  readonly budget: Budget | null;
  /** Known households that it is for, counted up to one more than `MOST_COUNTED`; null: it is for every one. */
  readonly households: number | null;
}

/** So many are counted; whether a rule is for anybody is the question. */
const MOST_COUNTED = 100;

export interface DiscountRulesInit {
  readonly rules: DiscountRuleStore;
  readonly budgets: BudgetStore;
  readonly approvals: Approvals;
  readonly key: HouseholdKey;
  readonly grid: string;
  readonly clock: Clock;
}

/** Who gets discounts: each change is asked for by one person and allowed by another (`discount:manage`). */
export class DiscountRules {
  readonly #init: DiscountRulesInit;

  constructor(init: DiscountRulesInit) {
    this.#init = init;
    const permission = 'discount:manage';
    const { approvals } = init;
    approvals.register('discount.rule', { permission, run: (approval) => this.#allow(approval) });
    approvals.register('discount.pause', { permission, run: (approval) => this.#pause(approval) });
    approvals.register('discount.households', { permission, run: (approval) => this.#tag(approval) });
  }

  async list(): Promise<RuleWithBudget[]> {
    const { rules: store, budgets } = this.#init;
    const rules = await store.list(200);
    return Promise.all(
      rules.map(async (rule) => ({
        ...{ rule, budget: await budgets.get(rule._id) },
        households: await this.#countOf(rule),
      })),
    );
  }

  async propose(
    request: DiscountRuleRequest,
    maker: AdminPrincipal,
    where: Where,
  ): Promise<RuleWithBudget & { approval: Approval }> {
    const { from, to, reason, ...rest } = request;
    const rule: DiscountRule = {
      ...rest,
      _id: randomUUID(),
      status: 'proposed',
      from: new Date(from),
      to: new Date(to),
      createdBy: maker.userId,
      createdAt: new Date(this.#init.clock.now()),
    };
    await this.#init.rules.insert(rule);
    const content = { ...request, ruleId: rule._id, reason };
    const approval = await this.#init.approvals.request({ kind: 'discount.rule', content, maker, where });
    return { rule, budget: null, households: await this.#countOf(rule), approval };
  }

  /** Throws `request.not-found`, and `discount.not-allowed` for a rule that no second person has allowed. */
  async requestPause(
    init: { ruleId: string; paused: boolean; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const rule = await this.#allowed(init.ruleId);
    const content = { ...init, names: { ...rule.names }, before: { paused: rule.status === 'paused' } };
    return this.#init.approvals.request({ kind: 'discount.pause', content, maker, where });
  }

  /** The checker sees digests and last digits: numbers are kept nowhere in clear. */
  async requestHouseholds(
    { households, reason }: HouseholdsRequest,
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const content = {
      reason,
      households: households.map(({ customerNo, community, tags }) => ({
        key: this.#init.key(this.#init.grid, customerNo),
        ...this.#formerOf(customerNo),
        customer: `****${customerNo.slice(-4)}`,
        community,
        tags,
      })),
    };
    return this.#init.approvals.request({ kind: 'discount.households', content, maker, where });
  }

  async #allow(approval: Approval): Promise<void> {
    const { ruleId } = ruleContent.parse(approval.content);
    const rule = await this.#rule(ruleId);
    // The budget first: an active rule always has one.
    await this.#init.budgets.make(ruleId, rule.budgetFen);
    if (rule.status === 'proposed') await this.#init.rules.setStatus(ruleId, 'active');
  }

  async #pause(approval: Approval): Promise<void> {
    const { ruleId, paused } = pauseContent.parse(approval.content);
    await this.#allowed(ruleId);
    await this.#init.rules.setStatus(ruleId, paused ? 'paused' : 'active');
  }

  async #tag(approval: Approval): Promise<void> {
    const { rules } = this.#init;
    for (const { key, former, community, tags } of householdsContent.parse(approval.content).households) {
      await rules.setHousehold({ _id: key, community, tags });
      if (former.length > 0) await rules.dropHouseholds(former);
    }
  }

  #countOf(rule: DiscountRule): Promise<number | null> {
    if (rule.community === null && rule.tag === null) return Promise.resolve(null);
    return this.#init.rules.countHouseholds(rule, MOST_COUNTED + 1);
  }

  /** Its names under other versions of the key, where there are any: what is known under them is replaced. */
  #formerOf(customerNo: string): { former?: string[] } {
    const former = this.#init.key.former?.(this.#init.grid, customerNo) ?? [];
    return former.length === 0 ? {} : { former };
  }

  async #allowed(ruleId: string): Promise<DiscountRule> {
    const rule = await this.#rule(ruleId);
    if (rule.status !== 'proposed') return rule;
    throw new ProblemError({
      code: 'discount.not-allowed',
      message: 'No second person has allowed this rule yet. There is nothing to pause.',
    });
  }

  async #rule(ruleId: string): Promise<DiscountRule> {
    const rule = await this.#init.rules.get(ruleId);
    if (rule !== null) return rule;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such discount.' });
  }
}
