import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { DiscountRuleRequest, HouseholdsRequest } from '@bianmin/purchase/api/discount';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { covers, scopeOf, WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { Budget, BudgetStore } from './budget-store.ts';
import type { HouseholdKey } from './desk.ts';
import type { DiscountRule } from './rule.ts';
import type { RuleScope } from './rule-scope.ts';
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
  /** Known households of the reader's scope that it is for, up to one more than `MOST_COUNTED`; null: it is for every one. */
  readonly households: number | null;
}

/** So many are counted; whether a rule is for anybody is the question. */
const MOST_COUNTED = 100;

export interface DiscountRulesInit {
  readonly rules: DiscountRuleStore;
  readonly budgets: BudgetStore;
  readonly approvals: Approvals;
  readonly scope: RuleScope;
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

  /** Those that reach people of the scope, newest first. */
  async list(scope: Scope): Promise<RuleWithBudget[]> {
    const { rules: store, budgets } = this.#init;
    const rules = await store.list(200, await this.#init.scope.reaching(scope));
    return Promise.all(
      rules.map(async (rule) => ({
        ...{ rule, budget: await budgets.get(rule._id) },
        households: await this.#countOf(rule, scope),
      })),
    );
  }

  /** Throws `request.not-found` for an organisation that is not there, or not the maker's. */
  async propose(
    request: DiscountRuleRequest,
    maker: AdminPrincipal,
    where: Where,
  ): Promise<RuleWithBudget & { approval: Approval }> {
    const { from, to, reason: _reason, ...rest } = request;
    const community = request.community === PROVINCE ? null : request.community;
    const orgPath = await this.#init.scope.demand(community, maker.scope);
    const rule: DiscountRule = {
      ...{ ...rest, community },
      _id: randomUUID(),
      status: 'proposed',
      from: new Date(from),
      to: new Date(to),
      createdBy: maker.userId,
      createdAt: new Date(this.#init.clock.now()),
    };
    await this.#init.rules.insert(rule);
    const content = { ...request, community: community ?? PROVINCE, ruleId: rule._id };
    const asked = { kind: 'discount.rule', content, orgPath, maker, where };
    const approval = await this.#init.approvals.request(asked);
    return { rule, budget: null, households: await this.#countOf(rule, maker.scope), approval };
  }

  /** Throws `request.not-found`, also for another organisation's, and `discount.not-allowed` for a rule that no second person has allowed. */
  async requestPause(
    init: { ruleId: string; paused: boolean; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const rule = await this.#allowed(init.ruleId, maker.scope);
    const content = { ...init, names: { ...rule.names }, before: { paused: rule.status === 'paused' } };
    const orgPath = await this.#init.scope.pathOf(rule.community);
    return this.#init.approvals.request({ kind: 'discount.pause', content, orgPath, maker, where });
  }

  /**
   * The checker sees digests and last digits: numbers are kept nowhere in clear. Throws `request.malformed` where an organisation is
   * none of the maker's, or a household is known at one that is none of theirs.
   */
  async requestHouseholds(
    { households, reason }: HouseholdsRequest,
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const { scope } = maker;
    await this.#init.scope.demandPlaces(households, scope);
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
    await this.#refuseOthers(content.households, scope);
    const orgPath = await this.#init.scope.pathOf(scope);
    return this.#init.approvals.request({ kind: 'discount.households', content, orgPath, maker, where });
  }

  async #allow(approval: Approval): Promise<void> {
    const { ruleId } = ruleContent.parse(approval.content);
    const rule = await this.#rule(ruleId, WHOLE_PROVINCE);
    // The budget first: an active rule always has one.
    await this.#init.budgets.make(ruleId, rule.budgetFen);
    if (rule.status === 'proposed') await this.#init.rules.setStatus(ruleId, 'active');
  }

  async #pause(approval: Approval): Promise<void> {
    const { ruleId, paused } = pauseContent.parse(approval.content);
    await this.#allowed(ruleId, WHOLE_PROVINCE);
    await this.#init.rules.setStatus(ruleId, paused ? 'paused' : 'active');
  }

  async #tag(approval: Approval): Promise<void> {
    const { rules, clock } = this.#init;
    const { households } = householdsContent.parse(approval.content);
    const scope = scopeOf(approval.orgPath?.at(-1));
    // What the province asked for before organisations were chosen has typed names.
    if (scope !== WHOLE_PROVINCE) await this.#init.scope.demandPlaces(households, scope);
    await this.#refuseOthers(households, scope);
    const since = approval.decidedAt ?? new Date(clock.now());
    for (const { key, former, community, tags } of households) {
      await rules.setHousehold({ _id: key, community, tags, since });
      if (former.length > 0) await rules.dropHouseholds(former, since);
    }
  }

  async #countOf({ community, tag }: DiscountRule, scope: Scope): Promise<number | null> {
    if (community === null && tag === null) return null;
    const counted = await this.#init.scope.counted(community, scope);
    return this.#init.rules.countHouseholds({ community: counted, tag }, MOST_COUNTED + 1);
  }

  async #refuseOthers(
    households: readonly { readonly key: string; readonly former?: readonly string[] }[],
    scope: Scope,
  ): Promise<void> {
    if (scope === WHOLE_PROVINCE) return;
    const named = households.map(({ key, former = [] }) => ({ keys: [key, ...former] }));
    const known = await this.#init.rules.householdsAmong(named.flatMap(({ keys }) => keys));
    this.#init.scope.refuseOthers(named, known, scope);
  }

  /** Its names under other versions of the key, where there are any: what is known under them is replaced. */
  #formerOf(customerNo: string): { former?: string[] } {
    const former = this.#init.key.former?.(this.#init.grid, customerNo) ?? [];
    return former.length === 0 ? {} : { former };
  }

  async #allowed(ruleId: string, scope: Scope): Promise<DiscountRule> {
    const rule = await this.#rule(ruleId, scope);
    if (rule.status !== 'proposed') return rule;
    throw new ProblemError({
      code: 'discount.not-allowed',
      message: 'No second person has allowed this rule yet. There is nothing to pause.',
    });
  }

  async #rule(ruleId: string, scope: Scope): Promise<DiscountRule> {
    const rule = await this.#init.rules.get(ruleId);
    if (rule !== null && covers(scope, await this.#init.scope.pathOf(rule.community))) return rule;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such discount.' });
  }
}
