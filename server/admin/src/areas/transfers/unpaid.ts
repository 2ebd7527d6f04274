import type { GridTransfersView } from '@bianmin/purchase/api/transfer';

type Days = GridTransfersView['unpaid'];

/** The days that can be paid now: from the first unpaid one as far as each was compared. Pure. */
export function payable(unpaid: Days): Days {
  const open = unpaid.findIndex(({ owedFen }) => owedFen === null);
  return open === -1 ? unpaid : unpaid.slice(0, open);
}

/** Of days that cannot be paid yet so many are listed: they are counted, and come in their order. */
const OPEN_LISTED = 3;

/** All that can be paid, and the next that wait. Pure. */
export function listed(unpaid: Days): Days {
  return unpaid.slice(0, payable(unpaid).length + OPEN_LISTED);
}

/** What these days come to, fen; undefined where one of them cannot be paid yet, or there is none. Pure. */
export function owedOf(unpaid: Days, { from, to }: { from: string; to: string }): number | undefined {
  const days = unpaid.filter(({ day }) => from <= day && day <= to);
  if (days.length === 0 || days[0]?.day !== from || days.at(-1)?.day !== to) return undefined;
  let sum = 0;
  for (const { owedFen } of days) {
    if (owedFen === null) return undefined;
    sum += owedFen;
  }
  return sum;
}
