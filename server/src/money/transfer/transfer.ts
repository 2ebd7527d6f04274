import { dayPlus } from '../../kernel/china-time.ts';

/**
 * A bank transfer to the grid that paid whole days of sales, what was sent later of that, or the undoing of either. Written once, never
 * changed but for `checked`.
 */
export interface GridTransfer {
  readonly _id: string;
  readonly grid: string;
  /** Its place in the grid's history, from 1 on, without gaps. */
  readonly n: number;
  readonly kind: 'paid' | 'rest' | 'undone';
  /** Of an undoing: the id of what it undoes. */
  readonly undoes?: string;
  /** Of a rest: the id of the transfer that was too little, whose days are its own. */
  readonly restOf?: string;
  /** The days, YYYY-MM-DD in China, both included. */
  readonly from: string;
  readonly to: string;
  /** What the bank sent. */
  readonly fen: number;
  /** What the days came to when it was booked; of a rest, what of that was missing. */
  readonly owedFen: number;
  /** The bank's. */
  readonly reference: string;
  /** YYYY-MM-DD, in China. */
  readonly paidOn: string;
  /** Who allowed it: a user's id. */
  readonly by: string;
  readonly at: Date;
  /** Of what paid days: what they came to when they were looked at last, after having been compared anew. */
  readonly checked?: { readonly at: Date; readonly owedFen: number };
}

/** All that was sent for the same days: by a transfer, and by rests of it, oldest first. */
export interface PaidDays {
  readonly transfer: GridTransfer;
  readonly rests: readonly GridTransfer[];
  /** Together. */
  readonly fen: number;
}

/** What pays its days: all that was not undone, in the order of the days. Pure; `history` in the order of `n`. */
export function paidDays(history: readonly GridTransfer[]): PaidDays[] {
  const stand = standing(history);
  const later = stand.filter(({ kind }) => kind === 'rest');
  return stand
    .filter(({ kind }) => kind === 'paid')
    .map((transfer) => {
      const rests = later.filter(({ restOf }) => restOf === transfer._id);
      return { transfer, rests, fen: rests.reduce((sum, { fen }) => sum + fen, transfer.fen) };
    });
}

/** Every transfer and rest that was not undone, oldest first. Pure. */
export function standing(history: readonly GridTransfer[]): GridTransfer[] {
  const undone = new Set(history.map(({ undoes }) => undoes));
  return history.filter(({ _id, kind }) => kind !== 'undone' && !undone.has(_id));
}

/** The first day that no transfer pays: the one after the newest's last, or, where all were undone, the first that any paid. Undefined: there never was one. */
export function nextDay(history: readonly GridTransfer[]): string | undefined {
  const newest = paidDays(history).at(-1);
  return newest === undefined ? history[0]?.from : dayPlus(newest.transfer.to, 1);
}

/**
 * What is in the way of undoing this entry: it does not stand; later days are paid; a rest was paid after it. Undefined: nothing is.
 * Days are freed from the end, and of the same days the newest goes first. Pure.
 */
export function inTheWayOfUndoing(
  paid: readonly PaidDays[],
  id: string,
): 'not-standing' | 'later-days' | 'later-rest' | undefined {
  const of = paid.find(({ transfer, rests }) => [transfer, ...rests].some(({ _id }) => _id === id));
  if (of === undefined) return 'not-standing';
  if ((of.rests.at(-1) ?? of.transfer)._id !== id) return 'later-rest';
  return of.rests.length === 0 && of !== paid.at(-1) ? 'later-days' : undefined;
}

/** What the days come to, as known last. */
export function owedNow({ owedFen, checked }: Pick<GridTransfer, 'owedFen' | 'checked'>): number {
  return checked?.owedFen ?? owedFen;
}
