import { startRounds } from '../adapters/queue/rounds.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../config/deps.ts';
import { MissingMoney } from '../money/transfer/missing.ts';
import { GridRests } from '../money/transfer/rests.ts';
import type { AdminTransferServices } from '../money/transfer/routes.ts';
import { TransferBook } from '../money/transfer/transfer-book.ts';
import { TransferCheck } from '../money/transfer/transfer-check.ts';
import { GridTransferStore } from '../money/transfer/transfer-store.ts';
import { GridTransfers } from '../money/transfer/transfers.ts';
import type { AccessServices } from './access.ts';
import type { BookServices } from './books.ts';

/** Bank transfers to the grid for days of sales, wired once for each web process. Makes the index. */
export async function createTransfers(
  { db, clock, grid: { grid }, config }: Pick<Deps, 'db' | 'clock' | 'grid' | 'config'>,
  of: {
    readonly access: Pick<AccessServices, 'approvals'>;
    readonly books: Pick<BookServices, 'ledger' | 'days'>;
  },
): Promise<AdminTransferServices> {
  const { ledger, days } = of.books;
  const store = new GridTransferStore(db);
  await store.prepare();
  const offered = config.GRID_VENDOR_CREDIT === 'off';
  const { approvals } = of.access;
  const book = new TransferBook({ grid, store, ledger, clock });
  const transfers = new GridTransfers({ ...{ offered, book, days, ledger, clock }, approvals });
  const caseStore = new MongoCaseStore(db);
  const cases = new Cases({ store: caseStore, clock });
  const rests = new GridRests({ book, days, caseStore, cases, approvals });
  const missing = new MissingMoney({ grid, days, cases: caseStore });
  return { grid, offered, transfers, rests, missing, days, clock };
}

/** How often what was transferred is put beside the days that it paid, ms. */
const CHECK_MS = 10 * 60_000;

/** Gives what stops it. */
export async function checkTransfers(
  { db, grid: { grid }, clock, log }: Pick<Deps, 'db' | 'grid' | 'clock' | 'log'>,
  { days }: Pick<BookServices, 'days'>,
): Promise<() => Promise<void>> {
  const [store, caseStore] = [new GridTransferStore(db), new MongoCaseStore(db)];
  await Promise.all([store.prepare(), caseStore.prepare()]);
  const check = new TransferCheck({
    grid,
    store,
    days,
    cases: new Cases({ store: caseStore, clock }),
    clock,
  });
  const what = 'what was transferred to the grid beside its days';
  return startRounds({ work: () => check.round(), everyMs: CHECK_MS, what, clock, log });
}
