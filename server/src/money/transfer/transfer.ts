import { dayPlus } from '../../kernel/china-time.ts';

/** A bank transfer to the grid that paid whole days of sales, or its undoing. Written once, never changed but for `checked`. */
export interface GridTransfer {
  readonly _id: string;
  readonly grid: string;
  /** Its place in the grid's history, from 1 on, without gaps. */
  readonly n: number;
  readonly kind: 'paid' | 'undone';
  /** Of an undoing: the id of what it undoes. */
  readonly undoes?: string;
  /** The days, YYYY-MM-DD in China, both included. */
  readonly from: string;
  readonly to: string;
  /** What the bank sent. */
  readonly fen: number;
  /** What the days came to when it was booked. */
  readonly owedFen: number;
  /** The bank's. */
  readonly reference: string;
  /** YYYY-MM-DD, in China. */
  readonly paidOn: string;
  /** Who allowed it: a user's id. */
  readonly by: string;
  readonly at: Date;
  /** What the days came to when they were looked at last, after having been compared anew. */
  readonly checked?: { readonly at: Date; readonly owedFen: number };
}

/** Which transfers pay their days: all that were not undone, oldest first. Pure; `history` in the order of `n`. */
export function standing(history: readonly GridTransfer[]): GridTransfer[] {
  const undone = new Set(history.map(({ undoes }) => undoes));
  return history.filter(({ _id, kind }) => kind === 'paid' && !undone.has(_id));
}

/** The first day that no transfer pays: the one after the newest's last, or, where all were undone, the first that any paid. Undefined: there never was one. */
export function nextDay(history: readonly GridTransfer[]): string | undefined {
  const newest = standing(history).at(-1);
  return newest === undefined ? history[0]?.from : dayPlus(newest.to, 1);
}

/** What the days come to, as known last. */
export function owedNow({ owedFen, checked }: Pick<GridTransfer, 'owedFen' | 'checked'>): number {
  return checked?.owedFen ?? owedFen;
}
