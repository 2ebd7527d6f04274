import type { Connection } from 'mongoose';
import type { KeyRing } from '../../kernel/key-ring.ts';

/** What a migration works with. */
export interface MigrationRun {
  readonly db: Connection;
  /** What values are sealed under; absent where the way needs none. */
  readonly keys?: KeyRing | undefined;
  /** What was last saved by a run that was cut off; undefined at the first. */
  readonly saved: string | undefined;
  /** After each batch: how far it has come. Throws `migration.lost` where it must not go on. */
  readonly save: (progress: string) => Promise<void>;
}

/**
 * One step of the database from one version to the next, and back. Both ways may be cut off anywhere and are then begun again,
 * from what was saved last: whatever was done already does no harm a second time.
 */
export interface Migration {
  /** 1, 2, … without a gap; the file's name begins with it. */
  readonly version: number;
  /** The file's name without its ending. */
  readonly name: string;
  /** The version before can work with the database as it is during and after this: what a rolling restart needs. */
  readonly compatible: boolean;
  up(run: MigrationRun): Promise<void>;
  down(run: MigrationRun): Promise<void>;
}
