import { z } from 'zod';

/**
 * What a bill is told to say otherwise than the books, by the number of the payment, refund or sale: `missing`, `twice`;
 * `amount`: `fen` more or less; `late`: in the next day's bill; `stranger`: also under a number `as`, that the
 * merchant never gave. A bill says the same however often it is asked for.
 */
export const billLie = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['missing', 'twice', 'late']), number: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('amount'), number: z.string().min(1).max(64), fen: z.int() }),
  z.strictObject({
    kind: z.literal('stranger'),
    number: z.string().min(1).max(64),
    as: z.string().min(1).max(64),
  }),
]);
export type BillLie = z.output<typeof billLie>;

/** What every bill has a row of. */
export interface BillEntry {
  /** The payment's number, the refund's own, the sale's order. */
  readonly number: string;
  /** ms since the epoch; says which day's bill it is in. */
  readonly at: number;
  readonly fen: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The entries as the bill tells them. */
export function told<Entry extends BillEntry>(entries: readonly Entry[], lies: readonly BillLie[]): Entry[] {
  const byNumber = new Map(lies.map((lie) => [lie.number, lie]));
  return entries.flatMap((entry) => {
    const lie = byNumber.get(entry.number);
    switch (lie?.kind) {
      case undefined:
        return [entry];
      case 'missing':
        return [];
      case 'twice':
        return [entry, entry];
      case 'late':
        return [{ ...entry, at: entry.at + DAY_MS }];
      case 'amount':
        return [{ ...entry, fen: entry.fen + lie.fen }];
      case 'stranger':
        return [entry, { ...entry, number: lie.as }];
    }
  });
}
