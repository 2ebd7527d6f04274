import type { CreditChoice, OrderKind, OrderState } from '@bianmin/purchase/api/order';
import type { ATTENTION_REASONS } from '@bianmin/purchase/api/diagnosis';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Entry } from '@bianmin/purchase/api/scalars';
import type { Supply } from '../../gateways/grid/accounts.ts';
import type { PaymentProduct } from '../../gateways/payment/contract.ts';
import type { ChipName } from '@bianmin/card/chip/contract';
import type { OrderDiscount } from './discount-source.ts';
import type { OrderEventName } from './order-events.ts';

type PaymentStatus = 'created' | 'pending' | 'succeeded' | 'closed' | 'unknown';
type SaleStatus = 'none' | 'sent' | 'sold' | 'rejected' | 'unknown';
type ReversalStatus = 'none' | 'sent' | 'reversed' | 'refused' | 'unknown';
/** `unknown`: it may have reached the meter. Only the grid's word, or the meter's, ends it. */
type CreditStatus = 'none' | 'sent' | 'credited' | 'failed' | 'unknown';
type WriteStatus = 'none' | 'released' | 'written' | 'failed';
export type RefundStatus = 'requested' | 'approved' | 'sent' | 'done' | 'rejected' | 'abnormal' | 'unknown';

/** A channel, or cash that a committee's float stands for: no channel, but a payment with evidence all the same. */
export type PaymentMeans = Channel | 'cash';

/** One attempt to be paid through one channel. */
export interface Payment {
  /** Our number at the channel: order number, `p`, attempt. */
  readonly no: string;
  /** Set where a channel took money twice on one number: that number; `no` then is ours alone (`…p1x1`). */
  readonly channelNo?: string;
  readonly channel: PaymentMeans;
  /** Of `cash`: whose float pays. */
  readonly float?: string;
  /** How the payer reaches the wallet; absent: by scanning a code. */
  readonly product?: PaymentProduct;
  /** Of a phone that named itself at its wallet: a digest, to know it again within this order. */
  readonly payer?: string;
  /** A phone has what it needs to pay this, though there is no code. */
  readonly handed?: boolean;
  readonly status: PaymentStatus;
  readonly amountFen: number;
  /** null before the channel gave it, and again once it cannot be paid any more. */
  readonly codeUrl: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /**
   * Of one that was closed because its channel did not know it: when the channel is asked once more, since by its own clock the
   * code may have lived on, or its books may not have had the last moment's money. Gone once that is sure.
   */
  readonly lookAgainAt?: Date;
  /** Set with `succeeded`. Unique with the channel. */
  readonly transactionId?: string;
  readonly paidAt?: Date;
  /** The first success funds the order; any other is refunded. */
  readonly funds?: boolean;
}

export interface Refund {
  /** Deterministic: payment number, `r`, reason's number; of compensations `s` and which it is. */
  readonly no: string;
  readonly paymentNo: string;
  readonly fen: number;
  readonly status: RefundStatus;
  /** `requested`: two persons undid the sale. `compensation`: they give money back for a purchase that stands. */
  readonly reason:
    'double-payment' | 'late-payment' | 'not-sold' | 'not-credited' | 'requested' | 'compensation';
  /** Of what staff asked for: chosen by the caller, the same key is the same refund. */
  readonly key?: string;
  /** Why, in the requester's words. */
  readonly note?: string;
  /** The case (差错) that it answers. */
  readonly caseId?: string;
  readonly requestedBy?: string;
  readonly approvedBy?: string;
  /** When it was owed or asked for. */
  readonly at: Date;
  /** When it was sent to the channel. */
  readonly sentAt?: Date;
  /** When it was sent once more under its number, because the channel did not know it. */
  readonly sentAgainAt?: Date;
  /**
   * Of cash whose float has the money back: what became of the notes. Nothing follows from it for float or books. Absent: none
   * are owed, or they went over the counter before this was written down.
   */
  readonly handOut?: HandOut;
}

/** Whether the household has its cash in hand, by the words of the staff who gave it. */
export type HandOut = { readonly status: 'owed' } | ({ readonly status: 'handed-out' } & HandedOut);

/** Who gave a household its cash back, where, when, and on which paper. */
export interface HandedOut {
  readonly at: Date;
  /** A user's id. */
  readonly by: string;
  /** Their staff number then, or the name they sign in with. */
  readonly staff: string;
  readonly terminalId: string;
  /** The number of the paper that the household signed; once in a float. */
  readonly slip: string;
}

/** Whether the order still takes money. Closed only on the evidence of every channel asked. */
export interface Closure {
  /** `asked`: no further payment, and the open ones are being closed. */
  readonly status: 'open' | 'asked' | 'closed';
  readonly reason?: 'cancelled' | 'expired' | 'superseded';
}

/** Why a person must decide; listed with what to do in docs/order.md. */
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/**
 * Sending a sale's money and count to its meter from afar, or the grid's word that an account has it; `none` in card orders,
 * unless the grid moved one to an account.
 */
export interface Credit {
  readonly status: CreditStatus;
  readonly firstSentAt?: Date;
  readonly sentAt?: Date;
  /** How often it was sent; more than once only after "provably never left" or "not found" twice. */
  readonly tries?: number;
  /** How often in a row "not found" was answered after the horizon. */
  readonly notFound?: number;
  /** Why it failed. */
  readonly reason?: string;
  /** What the meter said is left, after the credit. */
  readonly balanceFen?: number;
  readonly creditedAt?: Date;
  /** Of an account: whether electricity flowed once it was credited. */
  readonly supply?: Supply;
}

/**
 * Taking a sale off the card that bears it, on the word of two persons. `released`: one terminal has the plan. `off`: read back
 * without it; the grid is asked to undo the sale. `dropped`: it was put on again instead.
 */
export interface Undo {
  readonly status: 'allowed' | 'released' | 'off' | 'dropped';
  readonly at: Date;
  /** User ids, and the id of their decision. */
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly approval: string;
  /** Of the numbers that `write.lease` has: a claim is of one plan, whichever way it goes. */
  readonly lease?: number;
  readonly terminalId?: string;
  readonly leaseUntil?: Date;
  /** The newest that the meter had written back when the plan left, by its own clock, ISO 8601; absent: it had never. */
  readonly meterSaidAt?: string;
  /** Of the card that its plan was made for. */
  readonly releasedDigest?: string;
  /** Of the card as it was read back without the sale. */
  readonly imageDigest?: string;
}

export interface OrderEvent {
  /** 1, 2, … within the order; projectors are unique on (order, n). */
  readonly n: number;
  readonly at: Date;
  readonly name: OrderEventName;
  readonly by: string;
  /** Small and without secrets. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

/** Why a meter did not take a purchase, as far as what it wrote back tells: `full`: it would have gone beyond its ceiling. */
export type MeterRefusal = 'full' | 'other';

/** What the meter itself has said of the purchase. */
interface MeterSays {
  /** `credited` is final. A refusal lasts until the card is written anew: then nothing is known again. */
  readonly status: 'unknown' | 'credited' | 'refused';
  /** When it was heard; from afar, when the meter took it. Absent while nothing is known. */
  readonly at?: Date;
  readonly reason?: MeterRefusal;
  /** Of `full`: it takes the purchase once it holds no more than this, fen. */
  readonly belowFen?: number;
  /** Of a refusal, by the meter's own clock: ISO 8601. */
  readonly saidAt?: string;
}

/** A month that was used first. */
export interface OrderBill {
  /** The grid's number of it. */
  readonly no: string;
  /** YYYY-MM. */
  readonly period: string;
  /** It is paid as a whole, once. */
  readonly whole: boolean;
}

/** One order: separate facts, each with its own status; `state` is derived, stored only for queries. */
export interface Order {
  /** The order number. */
  readonly _id: string;
  /** Number of the newest event; every move is a compare-and-set on the fact it changes. */
  readonly version: number;
  readonly state: OrderState;
  readonly idempotencyKey: string;
  /** SHA-256 of what the key was first used for. */
  readonly idempotencyDigest: string;
  /** Whose order it is: a terminal's id, or `payer:` and a resident's. Unique with the idempotency key. */
  readonly terminalId: string;
  /** Of the visit or request that made it: what happens to it later is logged under the same. Decides nothing. */
  readonly traceId?: string;
  /** Organisations from the province down to the one whose terminal made it, as it was then; of a phone the province alone. */
  readonly orgPath: readonly string[];
  /** A stored order without one is a card order. */
  readonly kind: OrderKind;
  /** Since when it lies in the archive; whatever moves it takes it out. */
  readonly archivedAt?: Date;
  readonly entry: Entry;
  readonly faceFen: number;
  readonly discountFen: number;
  readonly paidFen: number;
  /** Who gives `discountFen`; absent where there is none. */
  readonly discount?: OrderDiscount;

  readonly grid: string;
  /** Clear in memory only: the store seals it. */
  readonly customerNo: string;
  readonly meterNo: string;
  readonly chip: ChipName;
  readonly serial: string;
  /** Digest of the image that was identified: a fresh card must still show it. Empty in a remote order. */
  readonly imageDigest: string;
  /** 0: into an account. */
  readonly count: number;
  /** Of `kind` `account`: the month's bill that it pays. */
  readonly bill?: OrderBill;
  /** Its account's meter was switched off when it was made. */
  readonly wasOff?: true;
  /** Masked for screens: name, address, customer number. */
  readonly masked: { readonly name: string; readonly address: string; readonly customerNo: string };
  /** A digest of who held the account then; absent: the grid did not say. */
  readonly holder?: string;

  readonly payments: readonly Payment[];
  readonly sale: {
    readonly status: SaleStatus;
    readonly firstSentAt?: Date;
    readonly sentAt?: Date;
    /** How often it was sent; more than once only after "provably never left". */
    readonly tries?: number;
    readonly saleNo?: string;
    readonly creditFen?: number;
    readonly arrearsFen?: number;
    readonly feeFen?: number;
    readonly reason?: string;
    /** How often "not found" was answered after the horizon. */
    readonly notFound?: number;
    /** When the grid first refused it because our credit there did not cover it: it waits since. */
    readonly noCreditAt?: Date;
    /** How often it said that again when asked about a later try that it may not have had yet. */
    readonly noCreditLooks?: number;
    /** Digest of the return data that the grid acknowledged before the plan was released. */
    readonly evidenceDigest?: string;
  };
  /**
   * `grid:meter:count`, sparse-unique: set in the move that sends the sale, null when rejected or reversed. An account has no
   * count: there it is the order's own number, or the bill that is paid as a whole.
   */
  readonly saleSlot: string | null;
  readonly reversal: {
    readonly status: ReversalStatus;
    readonly sentAt?: Date;
    readonly reason?: string;
    /** Set where two persons decided on it: user ids, and the id of their decision. */
    readonly requestedBy?: string;
    readonly approvedBy?: string;
    readonly approval?: string;
    /** What the order was in attention for when they did. */
    readonly was?: AttentionReason;
  };
  readonly write: {
    readonly status: WriteStatus;
    readonly lease?: number;
    readonly terminalId?: string;
    readonly leaseUntil?: Date;
    /** When it was last claimed. */
    readonly at?: Date;
    readonly imageDigest?: string;
    readonly reason?: string;
    /** Tries of the card's code or key, as the card itself said last; absent where it was not read. */
    readonly triesLeft?: number;
    /** Whether the grid has been told (`confirmWrite`). */
    readonly confirmed?: boolean;
    /** An earlier lease ended and it was not said how: its card may have been pulled while its code was presented. */
    readonly silent?: boolean;
    /** The card refused the code of an earlier plan: that is why it lost tries, and not a card that was pulled. */
    readonly refused?: boolean;
    /** Of the lease: staff let its plan meet the last tries. */
    readonly lastTry?: true;
    /** `imageDigest` of the card that its plan was made for. */
    readonly releasedDigest?: string;
    /**
     * The newest that the meter had written back before this, by its own clock, ISO 8601; absent: it had never. What is newer was
     * written back after it.
     */
    readonly meterSaidAt?: string;
  };
  /** Absent: it has said nothing. `state` does not follow from it. */
  readonly meter?: MeterSays;
  /** Absent: nothing was ever to be taken off its card. */
  readonly undo?: Undo;
  readonly credit: Credit;
  /** Remote: what the payer chose after the credit had failed. */
  readonly fallback?: CreditChoice;
  readonly refunds: readonly Refund[];
  readonly closure: Closure;
  readonly attention: AttentionReason | null;
  /** Owners that are told of changes: the one that made the order, and terminals that took its write over. */
  readonly watchers: readonly string[];
  readonly events: readonly OrderEvent[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When the sweeper must look again; null at rest. */
  readonly dueAt: Date | null;
  /** Which part of it is due when, where several move; absent: all that moves is due at `dueAt`. */
  readonly dues?: Dues;
}

/** Times by part of an order: the number of a payment or refund, else `closing`, `sale`, `reversal`, `credit` or `confirm`. */
export type Dues = Readonly<Record<string, Date>>;
