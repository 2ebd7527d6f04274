import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { MongoLeases } from '../../adapters/mongo/leases.ts';
import { checksumOf, isThatFile } from './all.ts';
import { MigrationError } from './error.ts';
import type { Migration } from './migration.ts';
import { MigrationStore, type MigrationRecord } from './store.ts';
import { versionOf } from './version.ts';

const LEASE = 'migrations';
const LEASE_MS = 60_000;
const RENEW_MS = 10_000;

export interface MigratorInit {
  readonly db: Connection;
  readonly clock: Clock;
  readonly migrations: readonly Migration[];
  /** Who migrates, for the records: no other process has this name. */
  readonly by: string;
  /** Of a migration; tests have others than files. */
  readonly checksum?: (migration: Migration) => Promise<string>;
  /** What values are sealed under, for ways that open them. */
  readonly keys?: KeyRing;
  /** Told of each migration as it begins. */
  readonly report?: (line: string) => void;
}

/** Which migrations go which way. */
export interface Plan {
  readonly way: 'up' | 'down';
  /** In the order in which they go. */
  readonly migrations: readonly Migration[];
}

export interface MigrationStatus {
  readonly version: number;
  readonly needed: number;
  readonly migrations: readonly {
    readonly version: number;
    readonly name: string;
    readonly state: MigrationRecord['state'] | 'pending' | 'made with it' | 'unknown to this code';
    readonly by?: string;
    readonly at?: Date;
    /** The file is another one than that which was run. */
    readonly changed: boolean;
  }[];
}

/** Takes a database from one version to another, one process at a time. */
export class Migrator {
  readonly #init: MigratorInit;
  readonly #store: MigrationStore;
  readonly #leases: MongoLeases<string>;
  readonly #checksum: (migration: Migration) => Promise<string>;

  constructor(init: MigratorInit) {
    this.#init = init;
    this.#store = new MigrationStore(init.db);
    this.#leases = new MongoLeases<string>(init.db, 'JobLease');
    this.#checksum = init.checksum ?? checksumOf;
  }

  async status(): Promise<MigrationStatus> {
    const { migrations } = this.#init;
    const records = await this.#store.all();
    const { version } = versionOf(records);
    const own = await Promise.all(
      migrations.map(async (each) => {
        const record = records.find(({ _id }) => _id === each.version);
        return {
          ...{ version: each.version, name: each.name },
          state:
            record?.state ?? (each.version <= version ? ('made with it' as const) : ('pending' as const)),
          ...(record === undefined ? {} : { by: record.by, at: record.at }),
          changed: record !== undefined && !(await isThatFile(each, record.checksum, this.#checksum)),
        };
      }),
    );
    const others = records
      .filter(({ _id }) => _id > migrations.length)
      .map(({ _id, name, by, at }) => ({
        ...{ version: _id, name, state: 'unknown to this code' as const, by, at, changed: false },
      }));
    return { version, needed: migrations.length, migrations: [...own, ...others] };
  }

  /** What `run` would do. Throws `migration.unknown`, `migration.ahead` and `migration.changed`. */
  async plan(way: 'up' | 'down', to?: number): Promise<Plan> {
    const { migrations } = this.#init;
    const records = await this.#store.all();
    const { version, unfinished } = versionOf(records);
    const target = to ?? (way === 'up' ? migrations.length : version - 1);
    if (target < 0 || target > migrations.length) {
      throw new MigrationError({
        code: 'migration.unknown',
        message: `There is no version ${target}. Name one from 0 to ${migrations.length}.`,
      });
    }
    if (version > migrations.length) {
      throw new MigrationError({
        code: 'migration.ahead',
        message: `The database has version ${version}, and this code knows ${migrations.length}. Use the code of that version.`,
      });
    }
    await this.#mustBeUnchanged(records);
    const planned =
      way === 'up'
        ? migrations.filter((each) => each.version > version && each.version <= target)
        : migrations.filter((each) => each.version > target && each.version <= version).reverse();
    // One that was cut off on its way up is undone as well, and one on its way down is done again, where that is
    // wanted.
    const half = migrations.find((each) => each.version === unfinished?._id);
    const back = way === 'down' && half !== undefined && half.version > target && !planned.includes(half);
    return { way, migrations: back ? [half, ...planned] : planned };
  }

  /**
   * Goes there; gives what it did. Throws as `plan` does, `migration.busy` where another process migrates, and
   * `migration.lost`.
   */
  async run(way: 'up' | 'down', to?: number): Promise<Plan> {
    const stopRenewing = await this.#takeLease();
    try {
      const plan = await this.plan(way, to);
      for (const each of plan.migrations) await this.#one(each, way);
      return plan;
    } finally {
      await stopRenewing();
    }
  }

  async #one(migration: Migration, way: 'up' | 'down'): Promise<void> {
    const { db, clock, by, keys, report } = this.#init;
    report?.(`${way} ${migration.name}`);
    const now = (): Date => new Date(clock.now());
    const checksum = await this.#checksum(migration);
    await this.#store.begin(migration, { state: `going-${way}`, checksum, by, at: now() });
    const saved = (await this.#store.all()).find(({ _id }) => _id === migration.version)?.progress;
    await migration[way]({
      ...{ db, keys, saved },
      save: async (progress) => {
        await this.#mustStillBeOurs();
        await this.#store.save(migration.version, progress);
      },
    });
    await this.#mustStillBeOurs();
    await this.#store.end(migration.version, way, now());
  }

  async #mustBeUnchanged(records: readonly MigrationRecord[]): Promise<void> {
    for (const each of this.#init.migrations) {
      const record = records.find(({ _id, state }) => _id === each.version && state === 'up');
      if (record === undefined || (await isThatFile(each, record.checksum, this.#checksum))) continue;
      throw new MigrationError({
        code: 'migration.changed',
        message: `${each.name} is not the file that was run here on ${record.at.toISOString()}. Restore that file, and put the change into a new migration.`,
      });
    }
  }

  /** Renewed until stopped, so that however long a migration takes no other process begins. */
  async #takeLease(): Promise<() => Promise<void>> {
    const { clock, by } = this.#init;
    if (!(await this.#renew())) {
      throw new MigrationError({
        code: 'migration.busy',
        message:
          'Another process is migrating this database. Wait for it; "npm run migrate -- status" says who.',
      });
    }
    const stopping = new AbortController();
    const renewing = (async () => {
      while (!stopping.signal.aborted) {
        await clock.sleep(RENEW_MS, stopping.signal).catch(() => undefined);
        // Where it fails, the next step finds out.
        if (!stopping.signal.aborted) await this.#renew().catch(() => false);
      }
    })();
    return async () => {
      stopping.abort(new Error('It is done.'));
      await renewing;
      await this.#leases.release(LEASE, by);
    };
  }

  async #mustStillBeOurs(): Promise<void> {
    if (await this.#renew()) return;
    throw new MigrationError({
      code: 'migration.lost',
      message:
        'Another process has taken over, and this one stopped where it was. Look at "npm run migrate -- status".',
    });
  }

  #renew(): Promise<boolean> {
    const now = this.#init.clock.now();
    return this.#leases.take(LEASE, {
      holder: this.#init.by,
      now: new Date(now),
      until: new Date(now + LEASE_MS),
    });
  }
}
