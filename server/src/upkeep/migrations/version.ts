import { MigrationError } from './error.ts';
import type { Migration } from './migration.ts';
import type { MigrationRecord } from './store.ts';

/** What a database is, by its records. */
export interface DatabaseVersion {
  /** Every migration up to this one is done. */
  readonly version: number;
  /** The one that was cut off, or is on its way. */
  readonly unfinished: MigrationRecord | undefined;
}

export function versionOf(records: readonly MigrationRecord[]): DatabaseVersion {
  const known = new Map(records.map((record) => [record._id, record]));
  let version = known.get(0)?.madeAs ?? 0;
  // What it was made with counts as done until it is undone.
  for (let each = 1; each <= version; each += 1) {
    const state = known.get(each)?.state ?? 'up';
    if (state !== 'up') version = each - 1;
  }
  while (known.get(version + 1)?.state === 'up') version += 1;
  const unfinished = records.find(({ state }) => state === 'going-up' || state === 'going-down');
  return { version, unfinished };
}

/**
 * Whether this code may work with a database of these records: of its own version, or of the one after it, where that one says that
 * this code can go on; also while that one is on its way. Throws `migration.behind`, `migration.ahead`, `migration.unfinished`.
 */
export function mustFit(records: readonly MigrationRecord[], migrations: readonly Migration[]): void {
  const needed = migrations.length;
  const { version, unfinished } = versionOf(records);
  const next = records.find(({ _id }) => _id === needed + 1);
  if (unfinished !== undefined && !(unfinished._id === needed + 1 && unfinished.compatible)) {
    throw new MigrationError({
      code: 'migration.unfinished',
      message: `The database is on its way through ${unfinished.name} (${unfinished.state}). Wait for it, or run "npm run migrate" again if it was cut off.`,
      context: { version, needed },
    });
  }
  if (version < needed) {
    throw new MigrationError({
      code: 'migration.behind',
      message: `The database has version ${version}, and this server needs ${needed}. Run "npm run migrate" first.`,
      context: { version, needed },
    });
  }
  if (version > needed && !(version === needed + 1 && next?.compatible === true)) {
    throw new MigrationError({
      code: 'migration.ahead',
      message: `The database has version ${version}, and this server knows ${needed}. Start the newer server, or take the database back with the newer one's "npm run migrate -- down --to ${needed}".`,
      context: { version, needed },
    });
  }
}
