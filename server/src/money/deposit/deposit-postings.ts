import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { Posting } from '../ledger/posting.ts';
import { undoneBy, type DepositEntry } from './deposit-store.ts';

/** A top-up or its undoing as it is posted; both have the top-up as their source. */
export function postingOfDeposit(entry: DepositEntry): Posting {
  const { _id, kind, grid, fen, at } = entry;
  const undone = undoneBy(entry);
  const sum = undone === undefined ? fen : -fen;
  return {
    ...(undone === undefined ? { source: _id, n: 1 } : { source: undone, n: 2 }),
    ...{ group: 'deposit', name: `deposit.${kind}`, at, day: chinaDay(at) },
    legs: [
      { account: ACCOUNTS.gridDeposit(grid), fen: sum },
      { account: ACCOUNTS.bankToGrid, fen: -sum },
    ],
  };
}
