import type { Deps } from '../deps.ts';
import { MarkStore } from '../store/marks.ts';
import { OrderChanges } from '../store/order-changes.ts';
import { CountedOrders } from './counted-orders.ts';
import { RollupChecker } from './check.ts';
import { RollupProjector } from './projector.ts';
import { Rebuild } from './rebuild.ts';
import { RollupStore } from './rollup-store.ts';

/** How far statistics are behind the orders when nothing else is to do. */
const PROJECT_EVERY_MS = 2_000;

export interface ReportServices {
  readonly store: RollupStore;
  readonly rebuild: Rebuild;
  readonly checker: RollupChecker;
}

/** Statistics, wired once for each process: web reads them, the worker keeps them. */
export async function createReport({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<ReportServices> {
  const store = new RollupStore(db);
  await store.prepare();
  const orders = new CountedOrders(db);
  const rebuild = new Rebuild({ store, orders, marks: new MarkStore(db), clock });
  return { store, rebuild, checker: new RollupChecker({ store, orders }) };
}

/** What the worker does for them, until it is stopped. */
export function keepRollups(
  { db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>,
  { store, rebuild }: ReportServices,
): () => Promise<void> {
  const [orders, marks] = [new OrderChanges(db), new MarkStore(db)];
  return new RollupProjector({ orders, marks, store, rebuild, clock, log }).start(PROJECT_EVERY_MS);
}
