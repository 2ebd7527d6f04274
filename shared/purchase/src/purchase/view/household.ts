import type { AccountBill } from '../../api/account.ts';

export interface Household {
  readonly name: string;
  readonly address: string;
  readonly customerNo: string;
  /** 表号尾号: last digits of its meter's number; absent: not known. */
  readonly meterTail?: string;
  readonly balanceFen: number | null;
  readonly balanceAt: string | null;
  readonly arrearsFen: number;
  /** The balance was read from the meter just now. */
  readonly isLive?: true;
  /** 囤积限额: the meter refuses what would take it beyond; absent: it has none, or none is known. */
  readonly ceilingFen?: number;
  /** Cash that goes back to it and waits at the counter where it was paid; absent: none does. */
  readonly cashWaitingFen?: number;
  /** What it buys goes into its account at the electricity company: it needs no card. */
  readonly isAccount?: true;
  /** Its account is empty and its electricity off. */
  readonly isOff?: true;
  /** Months that were used first, the oldest first; absent: none is to be paid. */
  readonly bills?: readonly AccountBill[];
}

/** A meter that may have no room for a purchase, fen. */
export interface FullMeter {
  /** Just after the last card: since then it can only have become less. */
  readonly balanceFen: number;
  readonly ceilingFen: number;
  /** The purchase fits once the meter holds no more than this. */
  readonly belowFen: number;
}
