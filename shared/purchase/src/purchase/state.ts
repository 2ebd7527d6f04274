import type { MeterShown, Uncredited } from '../api/meter-shown.ts';
import type { CreditChoice, OrderView } from '../api/order.ts';
import type { OrderQuote } from '../api/quote.ts';
import type { PayCode } from '../api/scalars.ts';
import type { ProofFault } from './view/buyer-screens.ts';
import type { WritePhase } from './view/card-screens.ts';
import type { Buyer } from './buyer.ts';
import type { CashStep, CashNote } from './cash-step.ts';
import type { Ticket } from './ticket.ts';
import type { Trouble } from './problems.ts';
import type { Undecided } from './undecided.ts';

/**
 * Where the purchase is. `slot` names the slot whose card it is about; null where no card is needed any more
 * and the screen only lingers. Entering a phase asks for whatever `effectOf` says.
 */
export type Phase =
  | {
      readonly name: 'out-of-service';
      readonly trouble: Trouble;
      /** What the household here has paid; null once the card is out. */
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
      /** The month’s bill that it pays. */
      readonly billNo?: string;
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
      /** Staff have said that they have the cash: it may not be asked for again. */
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
  /** On this card, and not known to be in its meter. */
  | {
      readonly name: 'uncredited';
      readonly slot: string;
      readonly purchase: Uncredited;
      readonly shown: MeterShown | null;
    }
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
  /** Without the card, paid: until the meter or the account has it. `slot`: of a card that lies there and is not needed. */
  | { readonly name: 'crediting'; readonly order: OrderView; readonly slow: boolean; readonly slot?: string }
  | { readonly name: 'credited'; readonly order: OrderView; readonly slot?: string }
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
  /** Staff are at the desk in their shift: whose card is in is not asked, and cash is theirs to take. */
  readonly assisted?: true;
  /** Of the last order that cash had to do with. */
  readonly cash?: CashNote;
  /** The household was asked if it is here: without an answer the phase is left at this moment, wall clock, ms. */
  readonly asking?: number;
}
