import { chinaDay } from '../../kernel/china-time.ts';
import type { FloatEntry } from '../float/float.ts';
import type { Posting } from './posting.ts';

/** What of a float is no order's: cash that was taken and given back stands in the orders' own events. */
export const POSTED_KINDS = ['top-up', 'top-up-undone'] as const satisfies readonly FloatEntry['kind'][];

/** A top-up or its reversal as it is posted; both have the top-up as their source. Nothing for other entries. */
export function postingOfEntry(entry: FloatEntry): Posting | undefined {
  const { _id, kind, undoes, debit, credit, fen, at } = entry;
  if (kind !== 'top-up' && kind !== 'top-up-undone') return undefined;
  return {
    ...(kind === 'top-up' ? { source: _id, n: 1 } : { source: undoes ?? _id, n: 2 }),
    ...{ group: 'float', name: `float.${kind}`, at, day: chinaDay(at) },
    legs: [
      { account: debit, fen },
      { account: credit, fen: -fen },
    ],
  };
}
