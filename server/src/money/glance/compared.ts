import type { Compared } from '@bianmin/purchase/api/money';
import type { ReconciledDay } from '../reconcile/day-store.ts';

/** What a day's comparison said of a source (`grid:NAME`, `channel:NAME`), whose accounts are these. */
export function comparedOf(
  day: ReconciledDay | undefined,
  { source, accounts }: { readonly source: string; readonly accounts: readonly string[] },
): Compared {
  if (day?.state !== 'done') return 'not-yet';
  if (day.notCompared?.includes(source) === true) return 'without-bill';
  const rows = (day.accounts ?? []).filter(({ account }) => accounts.includes(account));
  if (rows.some(({ unexplainedFen }) => unexplainedFen !== 0)) return 'differs';
  // The grid's account stands beside its bill and beside its meters: of these what is on cards is missing by right.
  const papers = rows.filter(({ against }) => against !== 'meters');
  return papers.some(({ differenceFen }) => differenceFen !== 0) ? 'explained' : 'even';
}
