import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { MIGRATIONS } from './all.ts';
import { passGate } from './gate.ts';
import type { Migration } from './migration.ts';
import { Migrator } from './migrator.ts';
import { MigrationStore } from './store.ts';
import { versionOf } from './version.ts';
import { notedMigrations } from '../../testing/noted-migrations.ts';

const clock = new ManualClock();

const ORDERS = 1_200;

const INVOICES = 600;

const DUE = new Date('2026-03-01T02:00:00Z');

let t: TestContext;

beforeAll(async () => {
  t = await openTestContext();
});

afterAll(() => t.close());

const migrator = (db: Connection, by: string, migrations: readonly Migration[] = MIGRATIONS): Migrator =>
  new Migrator({ db, clock, migrations, by });

const numberOf = (n: number): string => String(n).padStart(6, '0');

/** As a server of before there were migrations left it. */
async function oldDatabase(): Promise<Connection> {
  const db = t.another();
  const [orders, cases, readings] = ['orders', 'cases', 'readings'].map((name) =>
    db.collection<{ _id: string }>(name),
  );
  await orders?.insertMany(
    Array.from({ length: ORDERS }, (_, n) => ({
      _id: numberOf(n),
      version: 3,
      ...(n % 3 === 0 ? { orgPath: ['org:province', 'a'] } : {}),
    })),
  );
  await db.collection<{ _id: string }>('invoices').insertMany(
    Array.from({ length: INVOICES }, (_, n) => ({
      ...{ _id: numberOf(n), dueAt: n % 3 === 0 ? DUE : null },
    })),
  );
  await db
    .collection<{ _id: string }>('terminal_commands')
    .insertMany(['queued', 'delivered', 'done'].map((state) => ({ _id: state, state })));
  await db
    .collection<{ _id: string }>('command_batches')
    .insertMany([{ _id: 'making', state: 'making' } as never, { _id: 'made', state: 'made' } as never]);
  await cases?.insertOne({ _id: 'case' });
  await cases?.createIndex({ status: 1, openedAt: -1 });
  await cases?.createIndex({ orderNo: 1 });
  await readings?.insertOne({ _id: 'reading' });
  await readings?.createIndex({ orderNo: 1 });
  return db;
}

const indexesOf = async (db: Connection, name: string): Promise<string[]> =>
  (await db.collection(name).indexes()).map((index) => index.name ?? '').sort();

const bareOf = (db: Connection): Promise<number> =>
  db.collection('orders').countDocuments({ orgPath: { $exists: false } });

/** Whether an invoice waits, is at rest as it was once, or as it is now. */
const dueOf = async (db: Connection): Promise<Record<'waits' | 'null' | 'absent', number>> => {
  const found = await db.collection('invoices').find({}).toArray();
  const none = found.filter(({ dueAt }) => !(dueAt instanceof Date));
  const absent = none.filter((invoice) => !('dueAt' in invoice)).length;
  return { waits: found.length - none.length, null: none.length - absent, absent };
};

/** What was told to terminals, with why it was taken back. */
const toldOf = async (db: Connection): Promise<string[]> => {
  const both = ['terminal_commands', 'command_batches'].map((name) => db.collection(name).find({}).toArray());
  return (await Promise.all(both))
    .flat()
    .map(({ _id, state, code }) => `${String(_id)} ${String(state)} ${String(code ?? '')}`.trim());
};
const TAKEN_BACK = [
  ...['queued cancelled command.unsigned', 'delivered cancelled command.unsigned', 'done done'],
  ...['making cancelled', 'made made'],
];

describe('the migrations of this code', () => {
  it('go forward, back and forward again', async () => {
    const db = await oldDatabase();
    const [readings, cases] = [await indexesOf(db, 'readings'), await indexesOf(db, 'cases')];
    expect(readings).toContain('orderNo_1');
    const forward = async (): Promise<void> => {
      await migrator(db, 'a').run('up');
      expect(await indexesOf(db, 'readings')).toEqual(['_id_']);
      expect(await indexesOf(db, 'cases')).toEqual([
        ...['_id_', 'openedAt_-1__id_1', 'orderNo_1_openedAt_-1__id_1', 'orgPath_1_openedAt_-1__id_1'],
        ...['owner.id_1_openedAt_-1__id_1', 'status_1_openedAt_-1__id_1'],
      ]);
      expect(await bareOf(db)).toBe(0);
      expect(await dueOf(db)).toEqual({ waits: 200, null: 0, absent: 400 });
      expect((await toldOf(db)).sort()).toEqual([...TAKEN_BACK].sort());
    };
    await forward();
    const own = await db.collection<{ _id: string }>('orders').findOne({ _id: numberOf(3) });
    expect(own).toMatchObject({ version: 3, orgPath: ['org:province', 'a'] });
    const placed = await db.collection<{ _id: string }>('orders').findOne({ _id: numberOf(4) });
    expect(placed).toMatchObject({ version: 3, orgPath: PROVINCE_PATH });

    await migrator(db, 'b').run('down', 0);
    expect(await indexesOf(db, 'readings')).toEqual(readings);
    expect(await indexesOf(db, 'cases')).toEqual(expect.arrayContaining(cases));
    expect(await dueOf(db)).toEqual({ waits: 200, null: 400, absent: 0 });
    expect((await migrator(db, 'b').status()).version).toBe(0);
    await forward();
    const { version, migrations } = await migrator(db, 'c').status();
    expect(version).toBe(MIGRATIONS.length);
    expect(migrations.map(({ state, by, changed }) => [state, by, changed])).toEqual(
      MIGRATIONS.map(() => ['up', 'a', false]),
    );
  });

  it('have numbers without a gap, and the names of their files', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, n) => n + 1));
    for (const { name, version } of MIGRATIONS)
      expect(name.startsWith(String(version).padStart(4, '0'))).toBe(true);
  });

  // Whatever is saved, the process may be killed right after it.
  it.each([1, 4, 10, 11, 12, 14])('go on where they were cut off after batch %i', async (batch) => {
    const db = await oldDatabase();
    let left = batch;
    const resumed: (string | undefined)[] = [];
    const mortal = MIGRATIONS.map((each): Migration => ({
      ...each,
      up: (run) =>
        each.up({
          ...run,
          save: async (progress) => {
            await run.save(progress);
            left -= 1;
            if (left === 0) throw new Error('killed');
          },
        }),
    }));
    await expect(migrator(db, 'killed', mortal).run('up')).rejects.toThrow('killed');
    const [half] = (await new MigrationStore(db).all()).filter(({ state }) => state === 'going-up');
    expect(half?.progress).toBeDefined();
    await expect(passGate({ db, clock, mode: 'check' })).rejects.toMatchObject({
      code: 'migration.unfinished',
    });

    const watched = MIGRATIONS.map((each): Migration => ({
      ...each,
      up: (run) => {
        resumed.push(run.saved);
        return each.up(run);
      },
    }));
    await migrator(db, 'next', watched).run('up');
    expect(resumed[0]).toBe(half?.progress);
    expect(await bareOf(db)).toBe(0);
    expect((await dueOf(db)).null).toBe(0);
    expect(await indexesOf(db, 'readings')).toEqual(['_id_']);
    await passGate({ db, clock, mode: 'check' });
  });

  it('are undone from where they were cut off', async () => {
    const db = await oldDatabase();
    const [first, second] = MIGRATIONS;
    if (first === undefined || second === undefined) throw new Error('There are two.');
    const torn: Migration = {
      ...first,
      up: (run) =>
        first.up({
          ...run,
          save: async (progress) => {
            await run.save(progress);
            if (progress === 'terminals') throw new Error('killed');
          },
        }),
    };
    await expect(migrator(db, 'a', [torn, second]).run('up')).rejects.toThrow('killed');
    await migrator(db, 'a').run('down', 0);
    expect(await indexesOf(db, 'cases')).toContain('orderNo_1');
    expect(await bareOf(db)).toBeGreaterThan(0);
  });
});

const noting = (db: Connection, { migrations }: { migrations: Migration[] }, checksum = 'same'): Migrator =>
  new Migrator({ db, clock, migrations, by: 'somebody', checksum: () => Promise.resolve(checksum) });

describe('a migrator', () => {
  it('may be told how far, either way, and tells beforehand what it would run', async () => {
    const db = t.another();
    const of = notedMigrations(3);
    const names = async (way: 'up' | 'down', to?: number): Promise<string[]> =>
      (await noting(db, of).plan(way, to)).migrations.map(({ name }) => name);
    expect(await names('up', 2)).toEqual(['0001-noted', '0002-noted']);
    await noting(db, of).run('up', 2);
    await noting(db, of).run('up');
    expect(await names('up')).toEqual([]);
    expect(await names('down')).toEqual(['0003-noted']);
    await noting(db, of).run('down', 1);
    expect(of.ran).toEqual(['up 1', 'up 2', 'up 3', 'down 3', 'down 2']);
    await expect(noting(db, of).plan('up', 4)).rejects.toMatchObject({ code: 'migration.unknown' });
    await expect(noting(db, of).plan('down', -1)).rejects.toMatchObject({ code: 'migration.unknown' });
  });

  it('is alone, until a minute after its last sign', async () => {
    const db = t.another();
    const { migrations } = notedMigrations(1);
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const slow = migrations.map((each): Migration => ({ ...each, up: () => held }));
    const first = new Migrator({
      db,
      clock,
      migrations: slow,
      by: 'first',
      checksum: () => Promise.resolve(''),
    });
    const running = first.run('up');
    await expect.poll(async () => (await first.status()).migrations[0]?.state).toBe('going-up');
    const second = new Migrator({ db, clock, migrations, by: 'second', checksum: () => Promise.resolve('') });
    await expect(second.run('up')).rejects.toMatchObject({ code: 'migration.busy' });
    // The first stands still for so long that it counts as dead; when it wakes up it must not go on.
    await db.collection('jobleases').updateOne({}, { $set: { until: new Date(0) } });
    await second.run('up');
    await db
      .collection('jobleases')
      .updateOne({}, { $set: { holder: 'second', until: new Date(clock.now() + 60_000) } });
    free();
    await expect(running).rejects.toMatchObject({ code: 'migration.lost' });
  });

  it('does not go on over a file that was changed after it was run', async () => {
    const db = t.another();
    const of = notedMigrations(2);
    await noting(db, of).run('up', 1);
    await expect(noting(db, of, 'other').run('up')).rejects.toMatchObject({ code: 'migration.changed' });
    expect((await noting(db, of, 'other').status()).migrations[0]?.changed).toBe(true);
    expect(of.ran).toEqual(['up 1']);
  });
});

it('a database that an earlier version migrated is known by what that noted, wherever files import from now', async () => {
  const db = t.another();
  await migrator(db, 'a').run('up');
  const notedThen = [
    '7d70fac68190b1839cdf01c3ac03187937209b08794ae8c1d0ec6ba265aaa37d',
    '5fa377a6a332a58f67893551a488ad0a911848140d4d4e1de19e7fd927894cbe',
    '7620e44d253cf8795bb32f4a63d9c0cfb108ad358030ce61b13afab1d5f4f3ae',
    '674c27cc63e641703088c44f45f27c4b738ddd1a82f2064ef15be00d4ca58263',
  ];
  const records = db.collection<{ _id: number }>('migrations');
  for (const [n, checksum] of notedThen.entries())
    await records.updateOne({ _id: n + 1 }, { $set: { checksum } });
  const { migrations } = await migrator(db, 'b').status();
  expect(migrations.map(({ changed }) => changed)).toEqual(migrations.map(() => false));
  await migrator(db, 'b').run('up');
  await records.updateOne({ _id: 4 }, { $set: { checksum: notedThen[0] } });
  await expect(migrator(db, 'b').run('up')).rejects.toMatchObject({ code: 'migration.changed' });
});

describe('a server that starts', () => {
  it('makes a database that is empty one of its own version, however many start', async () => {
    const db = t.another();
    const { migrations, ran } = notedMigrations(2);
    await Promise.all([1, 2, 3].map(() => passGate({ db, clock, mode: 'check', migrations })));
    expect(versionOf(await new MigrationStore(db).all()).version).toBe(2);
    expect(ran).toEqual([]);
    // What it was made with can be undone like any other.
    await noting(db, { migrations }).run('down');
    expect(ran).toEqual(['down 2']);
    await expect(passGate({ db, clock, mode: 'check', migrations })).rejects.toMatchObject({
      code: 'migration.behind',
    });
  });

  it('refuses one from before there were versions, and brings it here where it is told to', async () => {
    const db = await oldDatabase();
    await expect(passGate({ db, clock, mode: 'check' })).rejects.toMatchObject({ code: 'migration.behind' });
    await passGate({ db, clock, mode: 'run' });
    expect(await bareOf(db)).toBe(0);
    await passGate({ db, clock, mode: 'check' });
  });
});
