import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { Posting } from '../ledger/posting.ts';
import type { DepositEntry } from './deposit-store.ts';

/** A top-up or its undoing as it is posted; both have the top-up as their source. */
export function postingOfDeposit({ _id, kind, grid, fen, at }: DepositEntry): Posting {
  const undone = kind === 'top-up-undone';
  const sum = undone ? -fen : fen;
  return {
    ...(undone ? { source: _id.replace(/-undone$/u, ''), n: 2 } : { source: _id, n: 1 }),
    ...{ group: 'deposit', name: `deposit.${kind}`, at, day: chinaDay(at) },
    legs: [
      { account: ACCOUNTS.gridDeposit(grid), fen: sum },
      { account: ACCOUNTS.bankToGrid, fen: -sum },
    ],
  };
}
