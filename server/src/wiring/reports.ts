import type { Deps } from '../config/deps.ts';
import { MarkStore } from '../orders/store/marks.ts';
import { OrderChanges } from '../orders/store/order-changes.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { CountedOrders } from '../insight/report/counted-orders.ts';
import { RollupChecker } from '../insight/report/check.ts';
import { RollupProjector } from '../insight/report/projector.ts';
import { Rebuild } from '../insight/report/rebuild.ts';
import { RollupStore } from '../insight/report/rollup-store.ts';
import { Statistics } from '../insight/report/statistics.ts';
import { WaitingOrders } from '../insight/report/waiting-orders.ts';

/** How far statistics are behind the orders when nothing else is to do. */
const PROJECT_EVERY_MS = 2_000;

export interface ReportServices {
  readonly rollups: RollupStore;
  readonly marks: MarkStore;
  readonly statistics: Statistics;
  readonly rebuild: Rebuild;
  readonly checker: RollupChecker;
}

/** Statistics, wired once for each process: web reads them, the worker keeps them. */
export async function createReport({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<ReportServices> {
  const store = new RollupStore(db);
  await store.prepare();
  const orders = new CountedOrders(db);
  const marks = new MarkStore(db, clock);
  const rebuild = new Rebuild({ store, orders, marks, clock });
  const checker = new RollupChecker({ store, orders });
  const statistics = new Statistics({ store, orgs: new OrgStore(db), waiting: new WaitingOrders(db), clock });
  return { rollups: store, marks, statistics, rebuild, checker };
}

/** What the worker does for them, until it is stopped. */
export function keepRollups(
  { db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>,
  { rollups, marks, rebuild, checker }: ReportServices,
): () => Promise<void> {
  const orders = new OrderChanges(db, clock);
  return new RollupProjector({ orders, marks, store: rollups, rebuild, checker, clock, log }).start(
    PROJECT_EVERY_MS,
  );
}
