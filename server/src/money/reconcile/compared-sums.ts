import { ACCOUNTS } from '../ledger/accounts.ts';
import type { ReconciledDay } from './day-store.ts';

/** What we owe a grid is on three of its accounts. */
export function owedAccounts(grid: string): readonly string[] {
  return [ACCOUNTS.gridCredit(grid), ACCOUNTS.gridArrears(grid), ACCOUNTS.gridFee(grid)];
}

/** Of a reconciled day, from its own rows, fen: what is owed to the grid, and what channels owe us. Undefined where it has none. */
export function comparedSums(
  { state, accounts }: Pick<ReconciledDay, 'state' | 'accounts'>,
  grid: string,
): { owedFen: number; channelsFen: number; feeFen: number } | undefined {
  if (state !== 'done' || accounts === undefined) return undefined;
  const rows = accounts.filter(({ against }) => against !== 'meters');
  const sumOf = (wanted: (account: string) => boolean): number =>
    rows.reduce((sum, { account, ledgerFen }) => sum + (wanted(account) ? ledgerFen : 0), 0);
  const owed = owedAccounts(grid);
  return {
    owedFen: 0 - sumOf((account) => owed.includes(account)),
    channelsFen: sumOf((account) => account.startsWith('channel:')),
    feeFen: sumOf((account) => account.startsWith('fee:')),
  };
}
