import { CodedError } from '../errors.ts';

export type PurchaseErrorCode =
  /** The slot that an order's card was in is gone. */
  | 'purchase.no-slot'
  /** What was unsealed is no plan of this order. */
  | 'purchase.plan-unreadable';

export class PurchaseError extends CodedError<PurchaseErrorCode> {}
