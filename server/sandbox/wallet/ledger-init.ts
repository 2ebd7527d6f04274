import type { LedgerState, Trade } from './model.ts';

/** Limits that differ from wallet to wallet. */
export interface BookRules {
  /** How long a code can be paid at most, ms. */
  readonly codeLifeMs: number;
  readonly refundLifeMs: number;
  readonly maxRefunds: number;
  /** Whether a trade begins only when a phone opens its code: until then the number is free for other content. */
  readonly beginsAtScan?: boolean;
  /** Whether a second phone can pay a number that is paid, which no wallet should take; yes by default. */
  readonly takesTwice?: boolean;
}

/** Numbers as the wallet makes them. */
export interface BookNumbers {
  /** Of the trade itself, where the wallet numbers it when it begins. */
  transaction(nowMs: number, trade: Trade): string;
  refund(nowMs: number): string;
  payer(): string;
}

export interface LedgerInit {
  readonly rules: BookRules;
  readonly numbers: BookNumbers;
  readonly now: () => number;
  /** Called after every change, for the snapshot. */
  readonly changed: () => void;
  readonly state?: LedgerState | undefined;
  /** Whether a trade past its expiry says CLOSED by itself. */
  readonly closesOnExpiry: () => boolean;
}
