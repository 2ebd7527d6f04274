import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { DiscountRuleRequest } from '@bianmin/purchase/api/discount';
import type { BudgetStore } from '../money/discount/budget-store.ts';
import { RuleScope } from '../money/discount/rule-scope.ts';
import { DiscountRules } from '../money/discount/rules.ts';
import { MemoryBudgets } from './memory-discounts.ts';
import { MemoryOffice } from './memory-office.ts';
import { NORTH } from './memory-orgs.ts';
import { MemoryRuleStore } from './memory-rules.ts';
import { ANNA, HERE } from './staff-members.ts';

export const REQUEST: DiscountRuleRequest = {
  names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
  ...{ community: NORTH, tag: 'elderly', from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
  ...{ off: { kind: 'percent', percent: 10 }, capFen: 1000, budgetFen: 10_000, funder: 'street-office' },
  reason: 'Decided in March.',
};

/** Discounts in memory, and the staff who decide about them. */
export function discountRules() {
  const clock = new ManualClock();
  const [store, budgets, office] = [new MemoryRuleStore(), new MemoryBudgets(), new MemoryOffice(clock)];
  const rules = new DiscountRules({
    ...{ rules: store.store, budgets: budgets as unknown as BudgetStore, approvals: office.approvals },
    scope: new RuleScope(store.orgs),
    ...{ key: (grid, customerNo) => `key of ${grid} ${customerNo}`, grid: 'g', clock },
  });
  const propose = (over: Partial<DiscountRuleRequest> = {}) =>
    rules.propose({ ...REQUEST, ...over }, ANNA, HERE);
  const allowed = async (): Promise<string> => {
    const { rule, approval } = await propose();
    await office.allow(approval);
    return rule._id;
  };
  const pause = (ruleId: string, paused: boolean) =>
    rules.requestPause({ ruleId, paused, reason: 'Looked at again.' }, ANNA, HERE);
  return { clock, store, budgets, office, rules, propose, allowed, pause };
}
