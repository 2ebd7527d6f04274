import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { Posting } from '../ledger/posting.ts';
import type { GridTransfer } from './transfer.ts';

/** A transfer or its undoing as it is posted; both have the transfer as their source. */
export function postingOfTransfer({ _id, kind, undoes, grid, fen, at }: GridTransfer): Posting {
  const sum = kind === 'paid' ? fen : -fen;
  return {
    ...(kind === 'paid' ? { source: _id, n: 1 } : { source: undoes ?? _id, n: 2 }),
    ...{ group: 'transfer', name: `transfer.${kind}`, at, day: chinaDay(at) },
    legs: [
      { account: ACCOUNTS.gridTransferred(grid), fen: sum },
      { account: ACCOUNTS.bankToGrid, fen: -sum },
    ],
  };
}
