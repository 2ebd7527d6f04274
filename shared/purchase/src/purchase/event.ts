import type { IdentifyResponse } from '../api/card.ts';
import type { CashOffer, CashReceipt } from '../api/float.ts';
import type { OrderView } from '../api/order.ts';
import type { OrderQuote } from '../api/quote.ts';
import type { RemoteCustomer } from '../api/remote.ts';
import type { WriteOutcome } from './ports.ts';
import type { WritePhase } from './view/card-screens.ts';
import type { PurchaseCommand } from './view/command.ts';
import type { Trouble } from './problems.ts';

export type PurchaseEvent =
  | { readonly type: 'slots'; readonly readers: readonly string[]; readonly present: readonly string[] }
  /** Whether staff are at the desk in their shift: they help whoever's card is in. */
  | { readonly type: 'assisted'; readonly assisted: boolean }
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
