import type { GridGateway } from '../gateways/grid/contract.ts';
import { OrgStore } from '../access/store/orgs.ts';
import type { AccessServices } from './access.ts';
import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { BudgetStore } from '../money/discount/budget-store.ts';
import { CapStore } from '../money/discount/cap-store.ts';
import { DiscountDesk, householdKey } from '../money/discount/desk.ts';
import { DiscountRules } from '../money/discount/rules.ts';
import { RuleScope } from '../money/discount/rule-scope.ts';
import { RememberedRules } from '../money/discount/remembered-rules.ts';
import { DiscountRuleStore } from '../money/discount/rule-store.ts';
import { HoldSettler } from '../money/discount/settler.ts';

const EVERY_MS = 30_000;

/** Discounts, on their stores: the desk that orders are made with, and what settles and manages them. */
export interface DiscountServices {
  readonly desk: DiscountDesk;
  settler(orders: Pick<OrderStore, 'get'>): HoldSettler;
  rules(access: Pick<AccessServices, 'approvals'>): DiscountRules;
}

type DiscountDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'log'> & {
  grid: Pick<GridGateway, 'grid' | 'cancelsWritten'>;
};

/** Makes the indexes and wires discounts, in web and worker alike. */
export async function createDiscounts(deps: DiscountDeps): Promise<DiscountServices> {
  const { db, clock, config, log, grid } = deps;
  const orgs = new OrgStore(db);
  const rules = new DiscountRuleStore(db, orgs);
  await rules.prepare();
  const budgets = new BudgetStore(db, clock);
  await budgets.prepare();
  const caps = new CapStore(db);
  const key = householdKey(config.DATA_KEYS);
  return {
    desk: new DiscountDesk({ rules: new RememberedRules(rules, clock), budgets, caps, key, clock, log }),
    settler: (orders) => new HoldSettler({ budgets, caps, orders, grid, clock, log }),
    rules: ({ approvals }) =>
      new DiscountRules({
        ...{ rules, budgets, approvals, scope: new RuleScope(orgs) },
        ...{ key, grid: grid.grid, clock },
      }),
  };
}

/** The worker's part: holds end with their orders. */
export function settleDiscounts(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  settler: HoldSettler,
): () => Promise<void> {
  const work = (): Promise<number> => settler.settle();
  return startRounds({ work, everyMs: EVERY_MS, clock, log, what: 'discounts' });
}
