import type { CashOffer, CashReceipt } from '../api/float.ts';
import type { CashFault, CashRefusal, CashSays } from './view/cash-screens.ts';

/** How far staff are with cash. The PIN is in none of them: it goes to the server in the question itself. */
export type CashStep =
  | {
      readonly is: 'asking';
      readonly fault: CashFault | null;
      /** The shift is known: its clerk says the PIN alone. */
      readonly pinOnly?: true;
      /** Of `locked`: for how long, where the server said so. */
      readonly waitMs?: number;
    }
  | {
      readonly is: 'checking';
      /** Of the shift at the desk, with the PIN again or without; absent: of a staff number and PIN. */
      readonly by?: 'shift' | 'shift-pin';
    }
  | { readonly is: 'offered'; readonly offer: CashOffer }
  | ({ readonly is: 'taking'; readonly offer: CashOffer } & CashTries)
  /** It is not known whether it was recorded: asked about, and sent again only where it was not. */
  | ({ readonly is: 'unsure'; readonly offer: CashOffer } & CashTries)
  | { readonly is: 'refused'; readonly why: CashRefusal };

interface CashTries {
  /** Questions whether it was recorded, also those without an answer. */
  readonly tries: number;
  /** Of these, how often the server said that nothing was recorded; absent: never. */
  readonly unrecorded?: number;
}

/** Who takes the cash: whose shift it is at the desk, with the PIN where it is needed again; or by number and PIN. */
export type CashBy =
  { readonly shift: true; readonly pin?: string } | { readonly staff: string; readonly pin: string };

/** What staff with cash should know of an order, for as long as that order is on the screen. */
export interface CashNote {
  readonly orderNo: string;
  readonly says: CashSays;
  readonly receipt: CashReceipt | null;
  /** How the order stood when its receipt was asked for last. */
  readonly asOf: string;
}
