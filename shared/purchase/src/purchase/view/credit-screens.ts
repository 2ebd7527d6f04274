import type { CreditChoice } from '../../api/order.ts';
import type { OrderSale } from './card-screens.ts';

/** A household that bought without its card. */
export type CreditScreen =
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
      readonly account?: true;
    }
  | {
      readonly screen: 'credited';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly paidFen: number;
      readonly discountFen: number;
      /** What the grid sold: what the meter was sent. */
      readonly sale?: OrderSale;
      /** What the meter or the account says is left; null where it did not say. */
      readonly balanceFen: number | null;
      /** It went into the account; or it paid that month, YYYY-MM. */
      readonly account?: true;
      readonly period?: string;
      /** Of an account: its electricity is off still, or it was and is back. */
      readonly supply?: 'off' | 'restored';
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
    };
