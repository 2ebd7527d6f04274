import type { IdentifyResponse } from './card.ts';

/**
 * What a home box shows to the phone beside it: picked out of its `PurchaseView`, never more than its own screen has, and
 * neither customer number nor balance. A phone that does not know a screen sends its person to the television.
 */
export interface PhoneView {
  readonly screen: string;
  readonly household?: { readonly name: string; readonly address: string };
  readonly limits?: IdentifyResponse['limits'];
  /** An order is being made of this amount. */
  readonly busyFen?: number | null;
  /** Chosen on the phone; the television asks whether that is right. */
  readonly chosenFen?: number;
  readonly faceFen?: number;
  readonly paidFen?: number;
  /** Of the payment; an order's own page, or a wallet's own code. */
  readonly codeUrl?: string | null;
  readonly closing?: true;
  /** 0 to 1, of the write. */
  readonly progress?: number;
  readonly orderNo?: string | null;
  readonly receiptCode?: string | null;
  readonly moneySafe?: 'nothing-taken' | 'safe-with-order';
  /** Of a refund. */
  readonly fen?: number;
  readonly done?: boolean;
  /** Of a card that was pulled out: whether it is paid for. */
  readonly paid?: boolean;
}
