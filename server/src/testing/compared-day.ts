import { dayPlus, startOfDay } from '../kernel/china-time.ts';
import type { ReconciledDay } from '../money/reconcile/day-store.ts';

/** A day that was compared, and what it owes; the grid's meters say nothing of it. */
export function comparedDay(day: string, owedFen: number, over: Partial<ReconciledDay> = {}): ReconciledDay {
  const row = { differenceFen: 0, unexplainedFen: 0, outsideFen: -owedFen, ledgerFen: -owedFen };
  const account = 'grid:collection-v1:credit';
  return {
    ...{
      _id: day,
      state: 'done',
      sources: [],
      counts: {},
      caseIds: [],
      carried: [],
      stale: false,
      history: [],
    },
    updatedAt: startOfDay(dayPlus(day, 1)),
    accounts: [
      { account, against: 'grid-bill', ...row },
      { account, against: 'meters', ...row },
    ],
    ...over,
  };
}
