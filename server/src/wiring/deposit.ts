import { startRounds } from '../adapters/queue/rounds.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { AccessServices } from './access.ts';
import type { BookServices } from './books.ts';
import type { ReportServices } from './reports.ts';
import type { Deps } from '../config/deps.ts';
import { DepositCheck } from '../money/deposit/deposit-check.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { DepositStore } from '../money/deposit/deposit-store.ts';
import { Deposits } from '../money/deposit/deposits.ts';
import type { AdminDepositServices } from '../money/deposit/routes.ts';
import { RedisVendorCredit } from '../money/vendor-credit/redis-credit.ts';

/** Our deposit at the grid, wired once for each web process. Makes the index. */
export async function createDeposit(
  { db, redis, clock, grid }: Pick<Deps, 'db' | 'redis' | 'clock' | 'grid'>,
  of: {
    readonly access: Pick<AccessServices, 'approvals'>;
    readonly books: Pick<BookServices, 'ledger' | 'depositBooks'>;
    readonly report: Pick<ReportServices, 'rollups'>;
  },
): Promise<AdminDepositServices> {
  const store = new DepositStore(db);
  await store.prepare();
  const { approvals } = of.access;
  return {
    grid: grid.grid,
    deposits: new Deposits({ grid: grid.grid, store, ledger: of.books.ledger, approvals, clock }),
    credit: new RedisVendorCredit(redis, grid.grid),
    ...{ books: of.books.depositBooks, rollups: of.report.rollups, clock },
  };
}

/** How often what the grid says is left is put beside the books, ms. */
const COMPARE_MS = 20 * 60_000;

/** Compares our deposit with the books, where the grid can be asked. Gives what stops it. */
export async function compareDeposit(
  { config, db, grid, clock, log }: Pick<Deps, 'config' | 'db' | 'grid' | 'clock' | 'log'>,
  orders: Pick<OrderStore, 'faceFenIn'>,
  { ledger, depositBooks: books, projector }: Pick<BookServices, 'ledger' | 'depositBooks' | 'projector'>,
): Promise<() => Promise<void>> {
  if (config.GRID_VENDOR_CREDIT === 'off') return () => Promise.resolve();
  const store = new MongoCaseStore(db);
  await store.prepare();
  const cases = new Cases({ store, clock });
  const catchUp = () => projector.round();
  const check = new DepositCheck({ grid, books, ledger, orders, catchUp, cases, clock });
  const what = 'our deposit at the grid beside the books';
  return startRounds({ work: () => check.round(), everyMs: COMPARE_MS, what, clock, log });
}
