import type { AccessServices } from './access.ts';
import type { BookServices } from './books.ts';
import type { ReportServices } from './reports.ts';
import type { Deps } from '../config/deps.ts';
import { DepositStore } from '../money/deposit/deposit-store.ts';
import { Deposits } from '../money/deposit/deposits.ts';
import type { AdminDepositServices } from '../money/deposit/routes.ts';
import { RedisVendorCredit } from '../money/vendor-credit/redis-credit.ts';

/** Our deposit at the grid, wired once for each web process. Makes the index. */
export async function createDeposit(
  { db, redis, clock, grid }: Pick<Deps, 'db' | 'redis' | 'clock' | 'grid'>,
  of: {
    readonly access: Pick<AccessServices, 'approvals'>;
    readonly books: Pick<BookServices, 'ledger'>;
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
    ...{ rollups: of.report.rollups, clock },
  };
}
