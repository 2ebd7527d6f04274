import { CodedError } from '@bianmin/card/errors';

export type LedgerErrorCode =
  /** An order's event does not say what the books need of it. */
  | 'ledger.event-unreadable'
  /** A posting does not add up to zero, or is already there with other legs. */
  | 'ledger.unsound';

/** The books cannot be kept as asked; nothing was written. */
export class LedgerError extends CodedError<LedgerErrorCode> {}
