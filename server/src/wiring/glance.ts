import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../config/deps.ts';
import type { AdminDepositServices } from '../money/deposit/routes.ts';
import { FloatStore } from '../money/float/float-store.ts';
import { MoneyGlance } from '../money/glance/glance.ts';
import { MissingMoney } from '../money/transfer/missing.ts';
import { GridTransferStore } from '../money/transfer/transfer-store.ts';
import type { BookServices } from './books.ts';

/** All money of a day, from the books of this web process. */
export function createGlance(
  { db, clock, channels }: Pick<Deps, 'db' | 'clock' | 'channels'>,
  of: {
    readonly books: Pick<BookServices, 'ledger' | 'days'>;
    readonly deposit: Pick<AdminDepositServices, 'grid' | 'credit' | 'rollups'>;
  },
): MoneyGlance {
  const { ledger, days } = of.books;
  const { grid, credit, rollups } = of.deposit;
  return new MoneyGlance({
    ...{ grid, credit, rollups, ledger, days, clock },
    channels: new Set(channels.keys()),
    floats: new FloatStore(db),
    transfers: new GridTransferStore(db),
    missing: new MissingMoney({ grid, days, cases: new MongoCaseStore(db) }),
  });
}
