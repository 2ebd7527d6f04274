import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import { codeOf } from '@bianmin/card/errors';
import { collectionNames } from '../../adapters/mongo/connection.ts';
import { MIGRATIONS } from './all.ts';
import type { Migration } from './migration.ts';
import { Migrator } from './migrator.ts';
import { MigrationStore } from './store.ts';
import { mustFit } from './version.ts';

const AGAIN_MS = 500;

export interface GateInit {
  readonly db: Connection;
  readonly clock: Clock;
  /**
   * `check`: a database of another version is refused. `run`: it is brought here, for one machine on which no
   * operator migrates.
   */
  readonly mode: 'check' | 'run';
  readonly migrations?: readonly Migration[];
}

/** For the records: whose it was, where, and no two alike. */
export function migratorName(): string {
  return `${userInfo().username}@${hostname()} ${randomUUID().slice(0, 8)}`;
}

/**
 * Before a process works with a database. One that has nothing in it yet is of the newest version from then on. Throws `migration.behind`,
 * `migration.ahead` and `migration.unfinished` (`version.ts`).
 */
export async function passGate({ db, clock, mode, migrations = MIGRATIONS }: GateInit): Promise<void> {
  const store = new MigrationStore(db);
  const by = migratorName();
  if ((await store.all()).length === 0 && (await isEmpty(db))) {
    await store.made(migrations.length, { by, at: new Date(clock.now()) });
  }
  if (mode === 'run') await runInTurn(new Migrator({ db, clock, migrations, by }), clock);
  mustFit(await store.all(), migrations);
}

/** The process that comes second waits, and finds nothing left to do. */
async function runInTurn(migrator: Migrator, clock: Clock): Promise<void> {
  for (;;) {
    if ((await migrator.plan('up')).migrations.length === 0) return;
    try {
      await migrator.run('up');
      return;
    } catch (error) {
      if (codeOf(error) !== 'migration.busy') throw error;
      await clock.sleep(AGAIN_MS);
    }
  }
}

/** Nothing was ever kept here; collections that a process prepared count as nothing. */
async function isEmpty(db: Connection): Promise<boolean> {
  const names = await collectionNames(db);
  const counts = await Promise.all(names.map((name) => db.collection(name).countDocuments({}, { limit: 1 })));
  return counts.every((count) => count === 0);
}
