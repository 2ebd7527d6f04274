import type { GridSale, SellRequest } from '../../../src/gateways/grid/contract.ts';
import type { GridRefusal } from '../../../src/gateways/grid/error.ts';
import type { CardType } from '@bianmin/card/testing/meter-layout';
import type { Moment } from './day-book.ts';
import type { CreditRecord } from './credit-record.ts';

/** One order number in the grid's book, whatever became of it. It is never taken out again. */
export interface BookEntry {
  readonly orderNo: string;
  status: 'sold' | 'rejected' | 'reversed';
  /** Absent for a tombstone: a number that was reversed before it was ever seen. */
  readonly request?: SellRequest;
  /** Of money for an account, or for a bill of that number. */
  readonly account?: { readonly billNo?: string };
  readonly sale?: GridSale;
  readonly refusal?: GridRefusal;
  /** What the card must bear after this sale is on it. */
  cardType?: CardType;
  /** What it bore before: where it differs, the parameter file is part of what is written; absent: not known. */
  typeBefore?: CardType;
  /** The card that bears it, where that is no longer the one it was sold for. */
  movedTo?: string;
  /** The meter that its value went to at the grid's counter, under which count: the one that it was sold for was exchanged. */
  movedToMeter?: { readonly meterNo: string; readonly count: number };
  readonly soldAt?: Moment;
  /** What it took of the agent's deposit, where that bounded anything. */
  readonly depositFen?: number;
  reversedAt?: Moment;
  /** When the grid learnt, from what the meter left on a card or told from afar, that it has this sale. */
  creditedAt?: Moment;
  /** Since when an account has what its meter never took, and what that account had then, fen. */
  intoAccount?: Moment & { readonly balanceFen: number };
  /** Once the grid was asked to credit it from afar. */
  credit?: CreditRecord;
  /** A plan went out: from here on the card may have it. */
  planReleased: boolean;
  /** A plan went out that takes it off its card again, and none since that puts it on. */
  cancelReleased?: boolean;
  /** The terminal's word, nothing more. */
  writeClaimed: boolean;
  /** SHA-256 of return data kept as evidence before a plan blanked it. */
  readonly evidence: string[];
  /** Why a reversal was refused, if one was. */
  reversalRefused?: string;
}

export function blank(orderNo: string, status: BookEntry['status']): BookEntry {
  return { orderNo, status, planReleased: false, writeClaimed: false, evidence: [] };
}
