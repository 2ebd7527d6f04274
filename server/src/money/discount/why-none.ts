import { NO_DISCOUNT, type NoDiscount } from '@bianmin/purchase/api/no-discount';
import { JIAO_FEN } from '../../kernel/cash.ts';
import type { BudgetStore } from './budget-store.ts';
import { capIdOf, type CapStore } from './cap-store.ts';
import { offeredFen, type DiscountRule, type Household } from './rule.ts';
import type { DiscountRuleStore } from './rule-store.ts';

/** The least that the desk holds: with less left than this a budget or a cap is spent. */
const LEAST_HELD_FEN = JIAO_FEN;

interface Purchase {
  readonly household: Household | null;
  readonly faceFen: number;
  readonly now: Date;
}

/** A rule with what is left of its budget, and for the household of its cap of the month, fen. */
export interface RuleLeft {
  readonly rule: DiscountRule;
  readonly budgetLeftFen: number;
  readonly capLeftFen: number;
}

/** Why none of these rules gives anything; of several the reason of the one that comes nearest. Undefined: one does. Pure. */
export function whyNone(rules: readonly RuleLeft[], purchase: Purchase): NoDiscount | undefined {
  const reasons = rules
    .filter(({ rule }) => rule.status === 'active' && purchase.now < rule.to)
    .map((left) => reasonOf(left, purchase));
  if (reasons.includes(undefined)) return undefined;
  return NO_DISCOUNT.findLast((each) => reasons.includes(each)) ?? 'no-rule';
}

function reasonOf({ rule, budgetLeftFen, capLeftFen }: RuleLeft, purchase: Purchase): NoDiscount | undefined {
  const { household, now } = purchase;
  const { community, tag } = rule;
  if (now < rule.from) return 'not-begun';
  if (household === null && (community !== null || tag !== null)) return 'household-unknown';
  if (community !== null && household?.orgPath.includes(community) !== true) return 'elsewhere';
  if (tag !== null && household?.tags.includes(tag) !== true) return 'tag-missing';
  if (offeredFen(rule, purchase) < LEAST_HELD_FEN) return 'too-small';
  if (budgetLeftFen < LEAST_HELD_FEN) return 'budget-spent';
  return capLeftFen < LEAST_HELD_FEN ? 'cap-spent' : undefined;
}

/** The facts are kept here. */
export interface WhyNoneStores {
  readonly rules: Pick<DiscountRuleStore, 'active'>;
  readonly budgets: Pick<BudgetStore, 'get'>;
  readonly caps: Pick<CapStore, 'get'>;
}

/** The same of what is kept now; `names` are the household's, by which its caps are named. */
export async function lookWhyNone(
  { rules, budgets, caps }: WhyNoneStores,
  {
    names,
    known,
    ...rest
  }: Omit<Purchase, 'household'> & {
    readonly names: readonly string[];
    /** Asked for only where there is a rule. */
    readonly known: () => Promise<Household | null>;
  },
): Promise<NoDiscount | undefined> {
  const active = await rules.active(rest.now);
  if (active.length === 0) return 'no-rule';
  const purchase = { ...rest, household: await known() };
  const left = active.map(async (rule): Promise<RuleLeft> => {
    if (offeredFen(rule, purchase) === 0) return { rule, budgetLeftFen: 0, capLeftFen: 0 };
    const [budget, ...begun] = await Promise.all([
      budgets.get(rule._id),
      ...names.map((name) => caps.get(capIdOf(rule, name, rest.now))),
    ]);
    const cap = begun.find((each) => each !== null);
    return { rule, budgetLeftFen: budget?.leftFen ?? 0, capLeftFen: cap?.leftFen ?? rule.capFen };
  });
  return whyNone(await Promise.all(left), purchase);
}
