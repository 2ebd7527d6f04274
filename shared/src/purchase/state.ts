import type { IdentifyResponse } from '../api/card.ts';
import type { CashOffer, CashReceipt } from '../api/float.ts';
import type { CreditChoice, OrderView } from '../api/order.ts';
import type { OrderQuote } from '../api/quote.ts';
import type { RemoteCustomer } from '../api/remote.ts';
import type { Entry, PayCode } from '../api/scalars.ts';
import type { WriteOutcome } from './ports.ts';
import type {
  CashFault,
  CashRefusal,
  CashSays,
  Household,
  ProofFault,
  PurchaseCommand,
  PurchaseProblem,
  WritePhase,
} from './view.ts';

/** A card that the grid knows, in its slot. */
export interface KnownCard {
  readonly slot: string;
  readonly serial: string;
  readonly household: Household;
  readonly limits: IdentifyResponse['limits'];
  readonly cardSession: string;
}

/** A household that buys without its card. */
export interface KnownHome {
  readonly customerNo: string;
  /** What its phone showed; used up by an order. */
  readonly proof: string;
  readonly household: Household;
  readonly limits: RemoteCustomer['limits'];
}

/** A household that its own box keeps: it buys by the box's name for it, without number and digits. */
export interface BoundHome {
  readonly homeId: string;
  readonly household: Household;
  readonly limits: RemoteCustomer['limits'];
}

/** Who buys: a card in its slot, or a household without one, for which `slot` is null in every phase. */
export type Buyer = KnownCard | KnownHome | BoundHome;

/** A paid order and the card that it belongs to: what must not be lost when the card comes out. */
export interface Ticket {
  readonly order: OrderView;
  readonly serial: string;
  readonly household: Household;
  /** Paid before this card was put in. */
  readonly resumed: boolean;
  /** Attempts at writing that ended without an outcome. */
  readonly tries: number;
}

export interface Trouble {
  readonly code: PurchaseProblem;
  readonly staffCode: string;
  /** How long it will go on, ms, where that is known. */
  readonly waitMs?: number;
}

/**
 * Where the purchase is. `slot` names the slot whose card it is about; null where no card is needed any more
 * and the screen only lingers. Entering a phase asks for whatever `effectOf` says.
 */
export type Phase =
  | {
      readonly name: 'out-of-service';
      readonly trouble: Trouble;
      /** What whoever stands here has paid; null once the card is out. */
      readonly ticket: Ticket | null;
    }
  /** Before the readers are known. */
  | { readonly name: 'starting' }
  | { readonly name: 'idle' }
  /** Done with the card that is in; waits for it to be taken out. */
  | (CardLeft & { readonly name: 'rest'; readonly slot: string })
  | {
      readonly name: 'reading';
      readonly slot: string;
      /** Set: a paid order waits for this card. */
      readonly ticket: Ticket | null;
      readonly tries: number;
    }
  | {
      readonly name: 'identifying';
      readonly slot: string;
      readonly serial: string;
      readonly codeFault?: string;
      /** Stays on screen until the retried question is answered. */
      readonly trouble: Trouble | null;
    }
  | { readonly name: 'customer-no' }
  | { readonly name: 'proof'; readonly customerNo: string; readonly fault: ProofFault | null }
  | { readonly name: 'describing'; readonly customerNo: string; readonly proof: string }
  /** What is left and owed in a household that the box keeps. */
  | { readonly name: 'recalling'; readonly homeId: string }
  | { readonly name: 'who'; readonly slot: string | null; readonly buyer: Buyer }
  | { readonly name: 'amount'; readonly slot: string | null; readonly buyer: Buyer }
  | {
      readonly name: 'ordering';
      readonly slot: string | null;
      readonly buyer: Buyer;
      readonly faceFen: number;
      /** Idempotency key: one per intention to buy, kept over every retry. */
      readonly key: string;
    }
  | PayPhase
  /** Staff take cash in place of the code; `pay` is where "back" leads. */
  | {
      readonly name: 'cash';
      readonly slot: string | null;
      readonly pay: PayPhase;
      readonly step: CashStep;
      /** Staff have said that they have the cash: nobody may be asked for it again. */
      readonly held: boolean;
    }
  /** The code is off the screen; the channel is asked whether it was paid. */
  | {
      readonly name: 'closing';
      readonly slot: string | null;
      readonly buyer: Buyer;
      readonly order: OrderView;
      readonly channel: PayCode;
      readonly then: 'amount' | 'expired' | 'gone';
      readonly tries: number;
    }
  | (CardLeft & {
      readonly name: 'expired';
      /** Closed; money that comes late is told of here. */
      readonly order: OrderView;
      /** Of a household that bought by it: it may begin again with new digits. */
      readonly customerNo?: string;
      /** Of one that its box keeps. */
      readonly homeId?: string;
    })
  | { readonly name: 'resume'; readonly slot: string; readonly ticket: Ticket }
  /** Paid, the grid is asked. */
  | {
      readonly name: 'selling';
      readonly slot: string | null;
      readonly ticket: Ticket;
      readonly slow: boolean;
    }
  | {
      readonly name: 'writing';
      readonly slot: string;
      readonly ticket: Ticket;
      readonly at: { readonly phase: WritePhase; readonly fraction: number } | null;
      /** Stays on screen until the retried attempt gets somewhere. */
      readonly trouble: Trouble | null;
    }
  | (CardLeft & { readonly name: 'done'; readonly ticket: Ticket })
  /** Without the card, paid: until the meter has it. */
  | { readonly name: 'crediting'; readonly order: OrderView; readonly slow: boolean }
  | { readonly name: 'credited'; readonly order: OrderView }
  | ({ readonly name: 'credit-failed' } & Undecided)
  | ({ readonly name: 'choosing'; readonly choice: CreditChoice } & Undecided)
  /** The card was chosen, and is not in. */
  | { readonly name: 'bring-card'; readonly order: OrderView }
  | { readonly name: 'pulled'; readonly ticket: Ticket }
  | { readonly name: 'other-card'; readonly slot: string; readonly ticket: Ticket }
  | (CardLeft & { readonly name: 'refund'; readonly order: OrderView })
  | {
      readonly name: 'problem';
      readonly slot: string | null;
      readonly trouble: Trouble;
      readonly orderNo: string | null;
      readonly moneySafe: 'nothing-taken' | 'safe-with-order';
      /** What `retry` goes back to. */
      readonly again: Phase | null;
      /** Goes back by itself after a while. */
      readonly auto: boolean;
    };

export interface PayPhase {
  readonly name: 'pay';
  readonly slot: string | null;
  readonly buyer: Buyer;
  readonly order: OrderView;
  readonly channel: PayCode;
  /** Kiosk's wall clock minus the server's, ms; 0 where they nearly agree. */
  readonly skewMs: number;
  /** What it buys; absent until the grid has said so, which may be never. */
  readonly quote?: OrderQuote;
}

/** How far staff are with cash. The PIN is in none of them: it goes to the server in the question itself. */
export type CashStep =
  | {
      readonly is: 'asking';
      readonly fault: CashFault | null;
      /** Of `locked`: for how long, where the server said so. */
      readonly waitMs?: number;
    }
  | { readonly is: 'checking' }
  | { readonly is: 'offered'; readonly offer: CashOffer }
  | { readonly is: 'taking'; readonly offer: CashOffer; readonly tries: number }
  /** Nobody knows whether it was recorded: asked about, and sent again only where it was not. */
  | { readonly is: 'unsure'; readonly offer: CashOffer; readonly tries: number }
  | { readonly is: 'refused'; readonly why: CashRefusal };

/** What staff with cash should know of an order, for as long as that order is on the screen. */
export interface CashNote {
  readonly orderNo: string;
  readonly says: CashSays;
  readonly receipt: CashReceipt | null;
  /** How the order stood when its receipt was asked for last. */
  readonly asOf: string;
}

/** An order whose credit failed for good and whose payer has not said what becomes of it. */
export interface Undecided {
  /** Of the order's own card, where that is in. */
  readonly slot: string | null;
  readonly card: { readonly serial: string; readonly household: Household } | null;
  readonly order: OrderView;
  /** What may be chosen here. */
  readonly offers: readonly CreditChoice[];
}

/** Nothing is left to do with the card: it lies there, `forgotten` once it has done so for long, or is out. */
export interface CardLeft {
  readonly slot: string | null;
  readonly forgotten?: true;
}

export type PhaseName = Phase['name'];

export interface PurchaseState {
  /** Grows whenever a phase is entered; answers to an earlier turn's questions are stale. */
  readonly turn: number;
  readonly phase: Phase;
  /** Names of the readers, for people. */
  readonly readers: readonly string[];
  /** Keys of the slots that hold a card now. */
  readonly present: readonly string[];
  /** Of the last order that cash had to do with. */
  readonly cash?: CashNote;
  /** Whoever is here has been asked whether they are: without an answer the phase is left at this moment, wall clock, ms. */
  readonly asking?: number;
}

export type PurchaseEvent =
  | { readonly type: 'slots'; readonly readers: readonly string[]; readonly present: readonly string[] }
  /** `key`: a fresh UUID, used where the command begins an intention to buy. */
  | { readonly type: 'command'; readonly command: PurchaseCommand; readonly key: string }
  /** `at`: kiosk's wall clock when the wait was over. */
  | { readonly type: 'timer'; readonly turn: number; readonly at: number }
  | { readonly type: 'order'; readonly order: OrderView }
  | {
      readonly type: 'read';
      readonly turn: number;
      readonly serial: string;
      /** Why its code may not be presented, where no write of ours waits for it; absent: it may. */
      readonly codeFault?: string;
    }
  | { readonly type: 'identified'; readonly turn: number; readonly answer: IdentifyResponse }
  | { readonly type: 'described'; readonly turn: number; readonly answer: RemoteCustomer }
  /** `at`: kiosk's wall clock when the answer came. */
  | {
      readonly type: 'ordered';
      readonly turn: number;
      readonly order: OrderView;
      /** Our wall clock, ms. */
      readonly at: number;
      /** Ours less the server's, ms, where it was measured; else it is told from the order's own time. */
      readonly skewMs?: number | null;
    }
  | { readonly type: 'quoted'; readonly orderNo: string; readonly quote: OrderQuote }
  | { readonly type: 'cash-offered'; readonly turn: number; readonly offer: CashOffer }
  /** Whether the cash was recorded; null: it was not, up to now. */
  | { readonly type: 'cash-asked'; readonly turn: number; readonly receipt: CashReceipt | null }
  | { readonly type: 'cash-receipt'; readonly receipt: CashReceipt }
  | {
      readonly type: 'progress';
      readonly turn: number;
      readonly phase: WritePhase;
      readonly fraction: number;
    }
  | { readonly type: 'write-ended'; readonly turn: number; readonly outcome: WriteOutcome }
  /** The turn's question failed; `code` is that of the error. `waitMs`: how long the server said to wait. */
  | { readonly type: 'failed'; readonly turn: number; readonly code: string; readonly waitMs?: number }
  | { readonly type: 'out-of-service'; readonly trouble: Trouble };

export type PurchaseEffect =
  | { readonly do: 'read'; readonly turn: number; readonly slot: string; readonly afterMs: number }
  | { readonly do: 'identify'; readonly turn: number }
  | {
      readonly do: 'create-order';
      readonly turn: number;
      /** What proves that this terminal may sell to the buyer. */
      readonly of:
        | { readonly cardSession: string }
        | { readonly customerNo: string; readonly proof: string }
        | { readonly homeId: string };
      readonly faceFen: number;
      readonly key: string;
    }
  | {
      readonly do: 'describe';
      readonly turn: number;
      readonly customerNo: string;
      readonly proof: string;
    }
  | { readonly do: 'recall'; readonly turn: number; readonly homeId: string }
  | { readonly do: 'choose'; readonly turn: number; readonly orderNo: string; readonly choice: CreditChoice }
  | {
      readonly do: 'create-payment';
      readonly turn: number;
      readonly orderNo: string;
      readonly channel: PayCode;
    }
  | { readonly do: 'cancel'; readonly turn: number; readonly orderNo: string }
  /** Nobody waits for the answer: tried a few times, then left to the code's own expiry. */
  | { readonly do: 'abandon'; readonly orderNo: string }
  | CashEffect
  /** What does the order buy? Nobody waits for the answer, and nothing is lost without it. */
  | { readonly do: 'quote'; readonly orderNo: string }
  /** Ask for the order now instead of waiting for the feed. */
  | { readonly do: 'refresh'; readonly orderNo: string }
  | {
      readonly do: 'write';
      readonly turn: number;
      readonly slot: string;
      readonly orderNo: string;
      readonly serial: string;
    };

export type CashEffect =
  | {
      readonly do: 'offer-cash';
      readonly turn: number;
      readonly orderNo: string;
      readonly staff: string;
      readonly pin: string;
    }
  | { readonly do: 'take-cash'; readonly turn: number; readonly orderNo: string; readonly ticket: string }
  | { readonly do: 'ask-cash'; readonly turn: number; readonly orderNo: string; readonly afterMs: number }
  /** What goes on paper. Nobody waits for the answer. */
  | { readonly do: 'cash-receipt'; readonly orderNo: string };

/** Waits of the flow, ms. */
export interface PurchaseTimings {
  /** Before a reading that failed is tried again. */
  readonly rereadMs: number;
  /** How long a channel may take to give a code. */
  readonly codeMs: number;
  /** Paid and not sold for so long: the screen says that the grid is silent. */
  readonly silentMs: number;
  /** How long a pulled card is waited for before the kiosk is free for others. */
  readonly pulledMs: number;
  /** How long another person's card is sent away before it is served. */
  readonly otherCardMs: number;
  /** How long a question stays that nobody answers and for which no card lies in the reader. */
  readonly unansweredMs: number;
  /** How long whoever may still be here is asked so, before a screen is left. */
  readonly askMs: number;
  /** How long a card that nothing is done with any more lies in the reader until it is called out. */
  readonly forgottenMs: number;
  /** How long an end screen stays once its card is out. */
  readonly lingerMs: number;
  /** How long what a household should take home stays to be read, where no card keeps it there. */
  readonly readMs: number;
  /** Between two tries after a passing fault. */
  readonly retryMs: number;
  /** Between two questions whether a code was paid. */
  readonly closingMs: number;
}

export const DEFAULT_TIMINGS: PurchaseTimings = {
  rereadMs: 700,
  codeMs: 20_000,
  silentMs: 15_000,
  pulledMs: 90_000,
  otherCardMs: 20_000,
  unansweredMs: 120_000,
  askMs: 30_000,
  forgottenMs: 20_000,
  lingerMs: 20_000,
  readMs: 45_000,
  retryMs: 3_000,
  closingMs: 2_000,
};

export interface FlowSettings {
  readonly entry: Entry;
  readonly channel: PayCode;
}
