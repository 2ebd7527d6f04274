import { CodedError } from '@bianmin/card/errors';

export type MigrationErrorCode =
  /** The database is of an older version than the code needs. */
  | 'migration.behind'
  /** The database is of a newer version, and not of one that this code can go on with. */
  | 'migration.ahead'
  /** A migration was cut off, or is running just now. */
  | 'migration.unfinished'
  /** A migration that was done is not the same file any more. */
  | 'migration.changed'
  /** Another process migrates. */
  | 'migration.busy'
  /** It took so long that another process might migrate by now. */
  | 'migration.lost'
  /** There is no migration of this number. */
  | 'migration.unknown';

export class MigrationError extends CodedError<MigrationErrorCode> {}
