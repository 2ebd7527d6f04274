import { z } from 'zod';
import type { OnlyOne } from '../../access/approval-claims.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { referenceKey } from './reference.ts';
import { entryId } from './transfer-book.ts';
import { standing, type GridTransfer } from './transfer.ts';

const days = z.object({ from: z.string(), to: z.string() });

/** A bank reference is in one request for a transfer or a rest. What was undone frees it: the same money is entered anew. */
export function onlyOneReference(
  { grid, reference }: Pick<GridTransfer, 'grid' | 'reference'>,
  history: readonly GridTransfer[],
): OnlyOne {
  const undone = new Set(history.map(({ undoes }) => undoes));
  return {
    key: `transfer:${grid}:${referenceKey(reference)}`,
    taken: (by) => {
      if (by === null) return referenceUsed();
      return undone.has(entryId(by)) ? undefined : referenceUsed(days.parse(by.content));
    },
  };
}

/** Throws `transfer.reference-used`, also of transfers from before references were claimed. */
export function demandNewReference(
  { reference }: Pick<GridTransfer, 'reference'>,
  history: readonly GridTransfer[],
): void {
  const key = referenceKey(reference);
  const used = standing(history).find((each) => referenceKey(each.reference) === key);
  if (used !== undefined) throw referenceUsed(used);
}

function referenceUsed(of?: { readonly from: string; readonly to: string }): ProblemError {
  const where = of === undefined ? 'just now' : `for ${of.from} to ${of.to}`;
  return new ProblemError({
    code: 'transfer.reference-used',
    message: `A transfer with this bank reference was entered ${where}. Compare with the bank. If that one is wrong, have it refused or undone first, then enter it anew.`,
  });
}
