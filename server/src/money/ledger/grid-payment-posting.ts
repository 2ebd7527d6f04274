import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from './accounts.ts';
import type { Posting } from './posting.ts';

/** Money that our bank sent to a grid, or an entry that takes it back as a whole: that one names what it undoes. */
export interface GridPayment {
  readonly _id: string;
  readonly kind: string;
  readonly undoes?: string | undefined;
  readonly fen: number;
  readonly at: Date;
}

/** To this account of the grid's; both a payment and its undoing have the payment as their source. */
export function postingOfGridPayment(
  { _id, kind, undoes, fen, at }: GridPayment,
  { group, account }: { readonly group: string; readonly account: string },
): Posting {
  const sum = undoes === undefined ? fen : -fen;
  return {
    ...(undoes === undefined ? { source: _id, n: 1 } : { source: undoes, n: 2 }),
    ...{ group, name: `${group}.${kind}`, at, day: chinaDay(at) },
    legs: [
      { account, fen: sum },
      { account: ACCOUNTS.bankToGrid, fen: -sum },
    ],
  };
}
