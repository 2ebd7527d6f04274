import { CodedError } from '@bianmin/shared/errors';

export type BackupErrorCode =
  /** The folder for a new backup has something in it. */
  | 'backup.folder-used'
  /** There were writes while it was read: it is not of one moment. */
  | 'backup.moved'
  /** It was cut off while it was made, or is none. */
  | 'backup.not-whole'
  /** A file is not as it was written. */
  | 'backup.changed'
  /** The database to restore into has documents. */
  | 'backup.not-empty'
  /** Restored, and its ledger comes to something else than when it was saved. */
  | 'backup.uneven';

export class BackupError extends CodedError<BackupErrorCode> {}
