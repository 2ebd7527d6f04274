import { CodedError } from '@bianmin/card/errors';

export type BackupErrorCode =
  /** The folder for a new backup has something in it. */
  | 'backup.folder-used'
  /** There were writes while it was read: it is not of one moment. */
  | 'backup.moved'
  /** It took longer than the database keeps what is of one moment. */
  | 'backup.snapshot-gone'
  /** There is none in the folder of a series. */
  | 'backup.none'
  /** It was cut off while it was made, or is none. */
  | 'backup.not-whole'
  /** A file is not as it was written. */
  | 'backup.changed'
  /** It is encrypted, and no key was named. */
  | 'backup.key-missing'
  /** The key that was named is another's, or none. */
  | 'backup.key-wrong'
  /** A key was named, and it is not encrypted: somebody may have put another in its place. */
  | 'backup.plain'
  /** It was not made by a server with our data key. */
  | 'backup.forged'
  /** The database to restore into has documents. */
  | 'backup.not-empty'
  /** Restored, and its ledger comes to something else than when it was saved. */
  | 'backup.uneven';

export class BackupError extends CodedError<BackupErrorCode> {}
