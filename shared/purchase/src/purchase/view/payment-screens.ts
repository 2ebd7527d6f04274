import type { OrderQuote } from '../../api/quote.ts';
import type { PayCode } from '../../api/scalars.ts';
import type { FullMeter } from './household.ts';

/** The order's money: to be paid, paid while the grid is asked, or on its way back. */
export type PaymentScreen =
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
      /** Of the meter that it is for. */
      readonly meterTail?: string;
      /** The code is gone from the screen and the channel is being asked whether it was paid. */
      readonly closing?: true;
      readonly remote?: true;
      /** Staff are about to take cash: the server is asked whether they may. */
      readonly cashAsked?: true;
    }
  /** The code ran out or the payer gave up; no money moved. */
  | { readonly screen: 'expired'; readonly orderNo: string }
  /** Paid; the grid is being asked. */
  | { readonly screen: 'selling'; readonly orderNo: string; readonly paidFen: number }
  | {
      readonly screen: 'grid-silent';
      readonly orderNo: string;
      readonly paidFen: number;
      readonly receiptCode: string | null;
    }
  | { readonly screen: 'refund'; readonly orderNo: string; readonly fen: number; readonly done: boolean };
