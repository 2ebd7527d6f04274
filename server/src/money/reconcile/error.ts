import { CodedError } from '@bianmin/card/errors';

export type ReconcileErrorCode =
  /** A bill is not there yet; later the same again. */
  | 'reconcile.not-ready'
  /** A bill's hash or totals do not hold, or a line of it cannot be read: nothing of it was used. */
  | 'reconcile.bill-unsound'
  /** More differs than a person could work on: a file is probably of another day or cut off. */
  | 'reconcile.too-many'
  /** The day is not over. */
  | 'reconcile.day-open'
  /** Another process has it in hand. */
  | 'reconcile.running';

/** A day cannot be reconciled now; cases are as they were. */
export class ReconcileError extends CodedError<ReconcileErrorCode> {}
