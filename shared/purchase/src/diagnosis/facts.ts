import type { ATTENTION_REASONS, DiagnosisPlace } from '../api/diagnosis.ts';
import type { CreditChoice, OrderKind } from '../api/order.ts';
import type { OrderAction } from '../api/order-decisions.ts';

type Asked = 'none' | 'sent' | 'unknown';

/** An order's own facts, each with its status, as the server keeps them. */
export interface OrderFacts {
  readonly kind: OrderKind;
  readonly faceFen: number;
  readonly paidFen: number;
  readonly payments: readonly {
    readonly no: string;
    readonly status: 'created' | 'pending' | 'succeeded' | 'closed' | 'unknown';
    readonly amountFen: number;
    readonly createdAt: Date;
    readonly expiresAt: Date;
    readonly paidAt?: Date;
    /** It buys; any other goes back. */
    readonly funds?: boolean;
  }[];
  readonly sale: {
    readonly status: Asked | 'sold' | 'rejected';
    readonly firstSentAt?: Date;
    readonly creditFen?: number;
    readonly noCreditAt?: Date;
  };
  readonly reversal: { readonly status: Asked | 'reversed' | 'refused'; readonly sentAt?: Date };
  readonly write: {
    readonly status: 'none' | 'released' | 'written' | 'failed';
    readonly terminalId?: string;
    readonly leaseUntil?: Date;
    readonly at?: Date;
    /** `taken-off`: it was read back without the sale. */
    readonly reason?: string;
  };
  readonly credit: { readonly status: Asked | 'credited' | 'failed'; readonly firstSentAt?: Date };
  readonly fallback?: CreditChoice;
  readonly meter?: {
    readonly status: 'unknown' | 'credited' | 'refused';
    readonly at?: Date;
    readonly reason?: 'full' | 'other';
    readonly belowFen?: number;
  };
  readonly refunds: readonly {
    readonly paymentNo: string;
    readonly fen: number;
    readonly status: 'requested' | 'approved' | 'sent' | 'done' | 'rejected' | 'abnormal' | 'unknown';
    readonly reason: string;
    readonly handOut?: { readonly status: 'owed' | 'handed-out' };
  }[];
  readonly closure: { readonly status: 'open' | 'asked' | 'closed' };
  readonly attention: (typeof ATTENTION_REASONS)[number] | null;
  readonly updatedAt: Date;
}

/** What of an order moves by itself. */
export type MovingFact = 'payment' | 'sale' | 'reversal' | 'credit' | 'refund' | 'confirm';

/** All that a diagnosis is made of. */
export interface DiagnosisFacts {
  readonly order: OrderFacts;
  readonly now: Date;
  /** By whose word the household has it: the meter's, also of a later purchase, or the grid's of an account; null: nobody's. */
  readonly taken: { readonly by: 'meter' | 'account'; readonly at: Date } | null;
  /** What staff may do about it now. */
  readonly allowed: readonly OrderAction[];
  /** What moves, and when it takes so long that a person is told. */
  readonly moving: readonly { readonly fact: MovingFact; readonly until: Date }[];
  /** When its write was last released, and when money last went back; absent: never. */
  readonly releasedAt?: Date | undefined;
  readonly backAt?: Date | undefined;
  /** From when on staff may give back by other means what a channel could not; absent: nothing is to be. */
  readonly elsewhereFrom?: Date | undefined;
  /** By terminal's id. */
  readonly places: Readonly<Record<string, DiagnosisPlace>>;
}
