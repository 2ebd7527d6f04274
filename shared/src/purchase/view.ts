import type { IdentifyResponse } from '../api/card.ts';
import type { CashReceipt } from '../api/float.ts';
import type { MeterShown } from '../api/meter-shown.ts';
import type { CreditChoice, OrderView } from '../api/order.ts';
import type { OrderQuote } from '../api/quote.ts';
import type { PayCode } from '../api/scalars.ts';
import type { WritePhase } from '../meter-card/progress.ts';

export interface Household {
  readonly name: string;
  readonly address: string;
  readonly customerNo: string;
  readonly balanceFen: number | null;
  readonly balanceAt: string | null;
  readonly arrearsFen: number;
  /** The balance was read from the meter just now. */
  readonly isLive?: true;
  /** 囤积限额: the meter refuses what would take it beyond; absent: it has none, or none is known. */
  readonly ceilingFen?: number;
  /** Cash that goes back to it and waits at the counter where it was paid; absent: none does. */
  readonly cashWaitingFen?: number;
}

/** A meter that may have no room for a purchase, fen. */
export interface FullMeter {
  /** Just after the last card: since then it can only have become less. */
  readonly balanceFen: number;
  readonly ceilingFen: number;
  /** The purchase fits once the meter holds no more than this. */
  readonly belowFen: number;
}

export type { WritePhase };
export type OrderSale = NonNullable<OrderView['sale']>;

/**
 * Everything a screen needs, and nothing else: the renderer draws it and sends commands back.
 * One `screen` a step of the design language; `problem` covers each thing that can go wrong in words.
 */
export type PurchaseView = BareView & {
  /** What staff with cash should know; on screens from the payment on. */
  readonly cash?: CashLine;
  /** Nothing is left to do and the card has lain there for long: it is called out until it is taken. */
  readonly forgotten?: true;
  /** Nothing was done for long: without a command the screen is left at this moment, wall clock, ms. */
  readonly asking?: number;
};

type BareView =
  /** `withoutCard`: a household may also buy by its number now. */
  | { readonly screen: 'wait'; readonly reader: string; readonly withoutCard?: true }
  | { readonly screen: 'reading' }
  /** Without the card: which customer number? */
  | { readonly screen: 'customer-no' }
  /** The six digits that the household's own phone shows. */
  | {
      readonly screen: 'proof';
      /** The number's last digits: enough to see a slip. */
      readonly ending: string;
      readonly fault: ProofFault | null;
      readonly busy: boolean;
    }
  /** A household that the box keeps is being asked about. */
  | { readonly screen: 'recalling' }
  | { readonly screen: 'who'; readonly household: Household; readonly remote?: true }
  | {
      readonly screen: 'amount';
      readonly household: Household;
      readonly limits: IdentifyResponse['limits'];
      /** An order is being made of this amount. */
      readonly busyFen: number | null;
      readonly remote?: true;
      /** It was not asked whether it is the right household: this screen says whose it is. */
      readonly bound?: true;
    }
  | {
      readonly screen: 'pay';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly paidFen: number;
      readonly discountFen: number;
      readonly channel: PayCode;
      /** null until the channel gave it. */
      readonly codeUrl: string | null;
      /** Wall clock, ms. */
      readonly expiresAt: number | null;
      /** What it buys; absent until, and unless, the grid says so. */
      readonly quote?: OrderQuote;
      /** The meter may have no room for it yet. */
      readonly full?: FullMeter;
      /** The code is gone from the screen and the channel is being asked whether it was paid. */
      readonly closing?: true;
      readonly remote?: true;
    }
  /** Who takes the cash? Staff number and PIN. */
  | {
      readonly screen: 'cash-staff';
      readonly orderNo: string;
      readonly fault: CashFault | null;
      /** Of `locked`: whole minutes, where the server said so. */
      readonly waitMinutes: number | null;
      /** The cash is in their hand already. */
      readonly held: boolean;
      readonly busy: boolean;
    }
  /** How much to take, from whom, and what the float holds; nothing is taken yet. */
  | {
      readonly screen: 'cash-take';
      readonly orderNo: string;
      readonly household: Household;
      readonly committee: string;
      readonly staff: string;
      readonly takeFen: number;
      /** In the float before this, and what it may still pay today. */
      readonly balanceFen: number;
      readonly leftTodayFen: number;
      readonly held: boolean;
      readonly busy: boolean;
    }
  /** The network went while the cash was recorded: being asked about. */
  | {
      readonly screen: 'cash-unsure';
      readonly orderNo: string;
      readonly takeFen: number;
      /** It takes long. */
      readonly slow: boolean;
    }
  | {
      readonly screen: 'cash-refused';
      readonly orderNo: string;
      readonly why: CashRefusal;
      readonly held: boolean;
    }
  /** Paid; the grid is being asked. */
  | { readonly screen: 'selling'; readonly orderNo: string; readonly paidFen: number }
  | {
      readonly screen: 'writing';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly phase: WritePhase;
      /** 0 to 1, true: bytes done of bytes to do, over the whole write. */
      readonly progress: number;
    }
  | {
      readonly screen: 'done';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly paidFen: number;
      readonly discountFen: number;
      /** What the grid sold: what is on the card. Absent where the server did not say. */
      readonly sale?: OrderSale;
      /** The meter may have no room for it yet. */
      readonly full?: FullMeter;
      /** The card is out of the reader. */
      readonly cardOut?: true;
      readonly receiptCode: string | null;
      /** A card whose write was finished now although it was paid earlier. */
      readonly resumed: boolean;
    }
  /** Without the card, paid: on its way to the meter. */
  | {
      readonly screen: 'crediting';
      readonly orderNo: string;
      readonly paidFen: number;
      readonly receiptCode: string | null;
      /** Who is asked now. */
      readonly asks: 'grid' | 'meter';
      /** An answer is overdue; the household need not wait. */
      readonly slow: boolean;
    }
  | {
      readonly screen: 'credited';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly paidFen: number;
      readonly discountFen: number;
      /** What the grid sold: what the meter was sent. */
      readonly sale?: OrderSale;
      /** What the meter says is left; null where it did not say. */
      readonly balanceFen: number | null;
      readonly receiptCode: string | null;
    }
  /** The meter will not take it from afar: the payer says what becomes of it. */
  | {
      readonly screen: 'credit-failed';
      readonly orderNo: string;
      readonly paidFen: number;
      readonly offers: readonly CreditChoice[];
      /** Being asked for. */
      readonly chosen: CreditChoice | null;
    }
  /** The card was chosen: it is to be put in. */
  | {
      readonly screen: 'bring-card';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly mayRefund: boolean;
    }
  /** The card left while it was needed. */
  | { readonly screen: 'pulled'; readonly orderNo: string; readonly paid: boolean }
  /** Another card than the one of this order was put in. */
  | { readonly screen: 'other-card'; readonly orderNo: string }
  /** A paid order waits for this card: offered before anything else. */
  | {
      readonly screen: 'resume';
      readonly household: Household;
      readonly orderNo: string;
      readonly faceFen: number;
    }
  /** A purchase is on this card, and its meter is not known to have taken it: what did the meter show? */
  | {
      readonly screen: 'uncredited';
      readonly orderNo: string;
      readonly creditFen: number;
      /** What the household has said; null: it is asked. */
      readonly shown: MeterShown | null;
      /** The meter takes it once it holds no more than this, fen. */
      readonly belowFen?: number;
      /** About when that will be, YYYY-MM-DD. */
      readonly around?: string;
    }
  | {
      readonly screen: 'grid-silent';
      readonly orderNo: string;
      readonly paidFen: number;
      readonly receiptCode: string | null;
    }
  | { readonly screen: 'refund'; readonly orderNo: string; readonly fen: number; readonly done: boolean }
  /** The code ran out or the payer gave up; no money moved. */
  | { readonly screen: 'expired'; readonly orderNo: string }
  | {
      readonly screen: 'problem';
      readonly code: PurchaseProblem;
      /** Small, for staff. */
      readonly staffCode: string;
      readonly orderNo: string | null;
      readonly moneySafe: 'nothing-taken' | 'safe-with-order';
      readonly canRetry: boolean;
      /** How long it will go on, where that is known. */
      readonly waitMinutes?: number;
      /** No card lies in the reader to be taken out: a person may also leave. */
      readonly canLeave?: true;
      /** Of `no-reader`: a household may buy without its card all the same. */
      readonly withoutCard?: true;
    };

/** Why staff number and PIN are asked for once more; `stale`: it took too long. */
export type CashFault = 'wrong' | 'locked' | 'forbidden' | 'away' | 'stale';
/** Why no cash is taken here and now. */
export type CashRefusal = 'none' | 'frozen' | 'empty' | 'day-limit';
/** Paid in cash; paid by a phone while staff were about to take cash; or closed without the cash. */
export type CashSays = 'paid' | 'phone-paid' | 'not-recorded';
export interface CashLine {
  readonly says: CashSays;
  /** null until the server gave it. */
  readonly receipt: CashReceipt | null;
}

/** Why six digits are asked for once more. */
export type ProofFault = 'wrong' | 'used';

/** Each has its own words under `purchase.problem.<code>`. */
export const PURCHASE_PROBLEMS = [
  'no-reader',
  'two-readers',
  'card-mute', // upside down, dirty, or no chip
  'card-unknown', // not an electricity card
  'card-foreign', // another company's
  'card-replaced',
  'account-closed', // the customer has left; the card's holder must ask
  'card-locked',
  'card-damaged',
  'card-protected-tries', // too few tries left: staff
  'card-changed', // the card is not as it was when sold
  'not-yet-used', // last purchase not yet in the meter
  'meter-full', // read just now, and without room
  'order-open-elsewhere',
  'amount-out-of-range',
  'channel-down',
  'grid-busy',
  'server-away',
  'not-enrolled',
  'journal-broken',
  'write-failed',
  'customer-unknown',
  'home-gone', // the box does not keep this household any more
  'not-remote', // the meter takes no credit from afar
  'unexpected',
] as const;
export type PurchaseProblem = (typeof PURCHASE_PROBLEMS)[number];

export type PurchaseCommand =
  /** On `wait`: buy by customer number. */
  | { readonly type: 'without-card' }
  /** On `wait`: buy for a household that the box keeps. */
  | { readonly type: 'home'; readonly homeId: string }
  | { readonly type: 'customer-no'; readonly customerNo: string }
  | { readonly type: 'proof'; readonly proof: string }
  /** On `credit-failed` and `bring-card`. */
  | { readonly type: 'choose-credit'; readonly choice: CreditChoice }
  | { readonly type: 'confirm-card' }
  | { readonly type: 'choose-amount'; readonly faceFen: number }
  | { readonly type: 'choose-channel'; readonly channel: PayCode }
  /** On `pay`: it is to be paid in cash. */
  | { readonly type: 'cash' }
  | { readonly type: 'cash-staff'; readonly staff: string; readonly pin: string }
  /** On `cash-take`: staff have it. */
  | { readonly type: 'cash-taken' }
  /** Back one step; on `pay` closes the order on the channel's evidence. */
  | { readonly type: 'back' }
  /** On `uncredited`. */
  | { readonly type: 'meter-shown'; readonly shown: MeterShown }
  /** On `resume`: finish the paid order. */
  | { readonly type: 'resume' }
  | { readonly type: 'retry' }
  /** Leaves an end screen. */
  | { readonly type: 'finish' }
  /** The household is here: the screen has its time anew. So it has by any other command. */
  | { readonly type: 'stay' };
