import type { BackupManifest } from './manifest.ts';

/** The ledger's collection. */
export const LEDGER = 'postings';

/** Each account with what its legs come to, fen, by name. */
export function balanceOf(sums: ReadonlyMap<string, number>): BackupManifest['balance'] {
  return [...sums]
    .map(([account, fen]) => ({ account, fen }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** What the accounts differ by from one trial balance to another, and by how much all of them miss zero, fen. */
export function differences(before: BackupManifest['balance'], after: BackupManifest['balance']): string[] {
  const [was, is] = [before, after].map(
    (balance) => new Map(balance.map(({ account, fen }) => [account, fen])),
  );
  const accounts = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  const differing = [...accounts].filter((account) => was?.get(account) !== is?.get(account));
  const rest = after.reduce((sum, { fen }) => sum + fen, 0);
  return rest === 0 ? differing : [...differing, `the sum of all is ${rest}`];
}
