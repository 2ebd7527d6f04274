import type { BuyerScreen } from './view/buyer-screens.ts';
import type { CardScreen } from './view/card-screens.ts';
import type { CashLine, CashScreen } from './view/cash-screens.ts';
import type { CreditScreen } from './view/credit-screens.ts';
import type { PaymentScreen } from './view/payment-screens.ts';
import type { ProblemScreen } from './view/problem-screens.ts';

/**
 * Everything a screen needs, and nothing else: the renderer draws it and sends commands back.
 * One `screen` a step of the design language; `problem` covers each thing that can go wrong in words.
 */
export type PurchaseView = BareView & {
  /** What staff with cash should know; on screens from the payment on. */
  readonly cash?: CashLine;
  /** Staff help with it, in their shift. */
  readonly assisted?: true;
  /** Nothing is left to do and the card has lain there for long: it is called out until it is taken. */
  readonly forgotten?: true;
  /** Nothing was done for long: without a command the screen is left at this moment, wall clock, ms. */
  readonly asking?: number;
};

type BareView = BuyerScreen | PaymentScreen | CashScreen | CardScreen | CreditScreen | ProblemScreen;
