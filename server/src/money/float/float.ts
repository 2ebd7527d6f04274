import { chinaDay } from '../../kernel/china-time.ts';
import { drawersAfter, type CountedShift, type Drawers } from './shift.ts';

/**
 * One posting of a float, both sides named. Its id makes it once: a payment's number, a refund's, a top-up's, its reversal's, a
 * refund's whose cash was handed out, a shift's that was counted.
 */
export interface FloatEntry {
  readonly _id: string;
  readonly float: string;
  /**
   * `closed`: no cash was taken under this payment's number, and none will be. `handed-out`: a household has the cash of a refund
   * whose money the float has back; it leaves a counter's drawer, and the float stays as it is. `shift-closed`: a clerk has counted
   * their drawer.
   */
  readonly kind:
    'taken' | 'given-back' | 'handed-out' | 'top-up' | 'top-up-undone' | 'closed' | 'shift-closed';
  readonly fen: number;
  readonly debit: string;
  readonly credit: string;
  /** A user's id; `system` for what follows by rule. */
  readonly by: string;
  readonly orderNo?: string;
  /** Of a top-up: the bank's reference. */
  readonly reference?: string;
  /** Of a reversal: the top-up's id. */
  readonly undoes?: string;
  /** Of cash handed out: the number of the paper that the household signed. No two entries of a float have the same. */
  readonly slip?: string;
  /** Of cash handed out: at which terminal, and by whom: their staff number, or the name they sign in with. */
  readonly terminalId?: string;
  readonly staff?: string;
  /** Of cash taken or handed out in a shift, and of its end: the shift's id. */
  readonly shift?: string;
  /** Of a shift's end: all of it. */
  readonly counted?: CountedShift;
  readonly at: Date;
}

/**
 * A committee's prepaid money (备付金): staff take cash from a payer without a phone, and the committee's float pays for
 * the purchase. One document, changed by compare-and-set, with its newest entries and its clerks' shifts inside it, so that balance,
 * entries and drawers can never disagree.
 */
export interface CommitteeFloat extends Drawers {
  /** The committee; the ledger's account is `float:` and this. */
  readonly _id: string;
  readonly name: string;
  /** Terminals at which its staff take cash. */
  readonly terminals: readonly string[];
  readonly balanceFen: number;
  /** What may be taken in one day of Beijing's calendar, fen. */
  readonly dayLimitFen: number;
  /** Takes no cash; what is given back still comes back. Absent: it does. */
  readonly frozen?: boolean;
  readonly day: string;
  /** Taken on `day`, less what of it was given back. */
  readonly dayFen: number;
  /** Entries that are not yet in the book, oldest first. */
  readonly recent: readonly FloatEntry[];
  readonly version: number;
}

/** The bank account that floats' money comes to, as the books name it. */
export const BANK = 'bank';
/** A top-up's reversal is under the top-up's own id: it is undone once, however often it is asked for. */
export const undoneId = (topUpId: string): string => `${topUpId}-undone`;

/**
 * Whether a refund's cash was handed out is asked of its float under this: it is handed out once, whichever staff do
 * it.
 */
export const handOutId = (refundNo: string): string => `${refundNo}-out`;

export type FloatRefusal = 'float.frozen' | 'float.empty' | 'float.day-limit' | 'shift.none';

/** Taken on the day of this moment, less what of it was given back, fen. */
export function takenOn(float: CommitteeFloat, at: Date): number {
  return float.day === chinaDay(at) ? float.dayFen : 0;
}

/** Why a float does not pay this much now, or undefined where it does. */
export function refusalOf(float: CommitteeFloat, fen: number, at: Date): FloatRefusal | undefined {
  if (float.frozen === true) return 'float.frozen';
  if (float.balanceFen < fen) return 'float.empty';
  return takenOn(float, at) + fen > float.dayLimitFen ? 'float.day-limit' : undefined;
}

/**
 * The float with this entry, or why it cannot have it. Pure; the caller knows that the entry is new. `taken`: what is
 * given back; it frees the day's limit where it was taken on the same day. Nothing is added to a shift that is not open.
 */
export function withEntry(
  float: CommitteeFloat,
  entry: FloatEntry,
  taken?: FloatEntry,
): CommitteeFloat | FloatRefusal {
  const day = chinaDay(entry.at);
  const dayFen = takenOn(float, entry.at);
  const drawers = drawersAfter(float, entry);
  if (drawers === 'shift.none') return drawers;
  const recent = [...float.recent, entry];
  const next = { ...float, ...drawers, day, dayFen, recent, version: float.version + 1 };
  switch (entry.kind) {
    case 'taken': {
      const refusal = refusalOf(float, entry.fen, entry.at);
      if (refusal !== undefined) return refusal;
      return { ...next, balanceFen: float.balanceFen - entry.fen, dayFen: dayFen + entry.fen };
    }
    case 'given-back':
      return {
        ...next,
        balanceFen: float.balanceFen + entry.fen,
        dayFen: taken !== undefined && chinaDay(taken.at) === day ? Math.max(0, dayFen - entry.fen) : dayFen,
      };
    case 'top-up':
      return { ...next, balanceFen: float.balanceFen + entry.fen };
    case 'top-up-undone':
      // What is spent already cannot go back to the bank.
      if (float.balanceFen < entry.fen) return 'float.empty';
      return { ...next, balanceFen: float.balanceFen - entry.fen };
    case 'handed-out':
    case 'closed':
    case 'shift-closed':
      return next;
  }
}
