import { CodedError } from '@bianmin/card/errors';
import { READER_BLIND } from './view/problem-screens.ts';

export type PurchaseErrorCode =
  /** The slot that an order's card was in is gone. */
  | 'purchase.no-slot'
  /** Two cards stayed mute one after the other: the reader is to blame. */
  | 'purchase.reader-blind'
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

/** This card stayed mute, and another before it. */
export function readerBlind(cause: unknown): PurchaseError {
  return new PurchaseError({
    code: READER_BLIND,
    message: 'Two cards did not answer in this reader. Have the reader looked at, or use another.',
    cause,
  });
}
