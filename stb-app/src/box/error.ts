import { CodedError } from '@bianmin/card/errors';
import type { ShellFailureCode } from '@bianmin/purchase/android/shell';

export type BoxErrorCode =
  | ShellFailureCode
  /** The page is not in a shell. */
  | 'shell.none'
  /** The shell did not answer in time; what was asked for may have happened. */
  | 'shell.timeout'
  /** An entry of the journal is damaged, or the store refuses: the box must stop selling. */
  | 'journal.unreadable'
  /** The entry could not be made durable; nothing has been written to the card for it. */
  | 'journal.not-durable'
  /** What came sealed was not sealed to this box, or was damaged on the way. */
  | 'identity.unseal-failed';

export class BoxError extends CodedError<BoxErrorCode> {}
