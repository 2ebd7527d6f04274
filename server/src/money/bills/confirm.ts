import { ProblemError } from '../../kernel/problem.ts';
import { addLegs } from '../ledger/posting.ts';
import type { BookedLine } from './bill-orders.ts';

/** What these lines do to accounts that `counts` counts. */
export function turnoverOfLines(
  lines: readonly BookedLine[],
  counts: (account: string) => boolean,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { posting } of lines) {
    addLegs(
      sums,
      posting.legs.filter(({ account }) => counts(account)),
    );
  }
  return sums;
}

/** A bill goes out only with the ledger's word. Throws `bill.not-settled` and names the account. */
export function confirmed(
  bill: ReadonlyMap<string, number>,
  ledger: ReadonlyMap<string, number>,
  counts: (account: string) => boolean,
): void {
  for (const account of new Set([...bill.keys(), ...ledger.keys()])) {
    if (!counts(account) || (bill.get(account) ?? 0) === (ledger.get(account) ?? 0)) continue;
    throw new ProblemError({
      code: 'bill.not-settled',
      message: `The ledger has another sum for ${account}. It may be a few seconds behind: ask again in a minute.`,
    });
  }
}
