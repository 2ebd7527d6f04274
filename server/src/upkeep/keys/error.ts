import { CodedError } from '@bianmin/card/errors';

export type KeySetupErrorCode =
  /** A version is another key here than the one that the database knows by that number. */
  | 'keys.other'
  /** What is stored needs a version that this process was not given. */
  | 'keys.missing';

/** Why a process may not work with this database. */
export class KeySetupError extends CodedError<KeySetupErrorCode> {}
