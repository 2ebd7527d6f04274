import { CodedError } from '../errors.ts';

export type PurchaseErrorCode =
  /** The slot that an order's card was in is gone. */
  | 'purchase.no-slot'
  /** What was unsealed is no plan of this order. */
  | 'purchase.plan-unreadable';

export class PurchaseError extends CodedError<PurchaseErrorCode> {}

/** The slot that the card was in is not there any more. */
export function noSlot(): PurchaseError {
  return new PurchaseError({
    code: 'purchase.no-slot',
    message: 'The reader that held the card is gone. Put the card in again.',
  });
}
