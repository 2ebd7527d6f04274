import type { GridGateway } from '../gateways/grid/contract.ts';
import { ApprovalStore } from '../access/store/approvals.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { MongoLeases } from '../adapters/mongo/leases.ts';
import type { AccessServices } from './access.ts';
import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { BudgetStore } from '../money/discount/budget-store.ts';
import { CapStore } from '../money/discount/cap-store.ts';
import { DiscountDesk, householdKey } from '../money/discount/desk.ts';
import { HouseholdFileCarrier } from '../money/discount/import/carrier.ts';
import { HouseholdFileStore } from '../money/discount/import/file-store.ts';
import { HouseholdFiles } from '../money/discount/import/household-files.ts';
import { PartCarrier } from '../money/discount/import/part-carrier.ts';
import { DiscountRules } from '../money/discount/rules.ts';
import { RuleScope } from '../money/discount/rule-scope.ts';
import { RememberedRules } from '../money/discount/remembered-rules.ts';
import { DiscountRuleStore } from '../money/discount/rule-store.ts';
import { HoldSettler } from '../money/discount/settler.ts';

const EVERY_MS = 30_000;
/** How often files are looked for that were allowed. */
const FILES_EVERY_MS = 5_000;

/** Discounts, on their stores: the desk that orders are made with, and what settles and manages them. */
export interface DiscountServices {
  readonly desk: DiscountDesk;
  settler(orders: Pick<OrderStore, 'get'>): HoldSettler;
  rules(access: Pick<AccessServices, 'approvals'>): DiscountRules;
  files(access: Pick<AccessServices, 'approvals'>): HouseholdFiles;
  carrier(): HouseholdFileCarrier;
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
  const files = new HouseholdFileStore(db, config.DATA_KEYS);
  await Promise.all([budgets.prepare(), files.prepare()]);
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
    files: ({ approvals }) =>
      new HouseholdFiles({
        ...{ files, approvals, orgs, scope: new RuleScope(orgs) },
        ...{ key, grid: grid.grid, clock },
      }),
    carrier: () =>
      new HouseholdFileCarrier({
        ...{ files, parts: new PartCarrier({ rules, key }), approvals: new ApprovalStore(db) },
        ...{ leases: new MongoLeases<string>(db, 'JobLease'), clock, log },
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

/** The worker's part: files of households that were allowed are carried out. */
export function carryHouseholdFiles(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  carrier: HouseholdFileCarrier,
): () => Promise<void> {
  const stop = startRounds({
    ...{ work: () => carrier.round(), full: 1, everyMs: FILES_EVERY_MS, clock, log },
    what: 'files of households',
  });
  return async () => {
    await Promise.all([carrier.stop(), stop()]);
  };
}
