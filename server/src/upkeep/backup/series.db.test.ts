import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo, type Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { BackupNotes } from './backup-notes.ts';
import { drill } from './drill.ts';
import { makeBackupKey, readBackupKey } from './file-form.ts';
import { documentsPath } from './manifest.ts';
import { saveBackup } from './save.ts';
import { nameOf, saveNext } from './series.ts';

const HOUR = 3_600_000;
let t: TestContext;
let clock: ManualClock;
let db: Connection;
let place: string;
let folder: string;
let key: { recipient: string; identity: string };
beforeAll(async () => {
  t = await openTestContext();
  place = await mkdtemp(join(tmpdir(), 'bianmin-series-'));
  const file = join(place, 'key');
  key = { recipient: await makeBackupKey(file), identity: await readBackupKey(file) };
});
afterAll(async () => {
  await rm(place, { recursive: true });
  await t.close();
});
beforeEach(async () => {
  clock = new ManualClock(Date.parse('2026-12-01T08:00:00Z'));
  db = t.another();
  folder = await mkdtemp(join(place, 's-'));
  const ledger = new LedgerStore(db);
  await ledger.prepare();
  await ledger.add([
    {
      ...{ source: 'o1', n: 1, group: 'paid', name: 'payment.succeeded', at: new Date(0), day: '1970-01-01' },
      legs: [
        { account: 'channel:wechat', fen: 5_000 },
        { account: 'payer:held', fen: -5_000 },
      ],
    },
  ]);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const save = () => saveNext({ db, folder, clock, recipient: key.recipient });
const drillOf = (init: { into?: Connection } = {}) =>
  drill({ folder, identity: key.identity, clock, ...init });

describe('a series of backups', () => {
  it('grows by one each time, and lets go of what is one too many', async () => {
    const names = [];
    for (let n = 0; n < 12; n += 1) {
      names.push((await save()).name);
      clock.jump(6 * HOUR);
    }
    const kept = (await readdir(folder)).toSorted();
    // Of two days all nine, of the two days of China's calendar before them the first each.
    expect(kept).toEqual([names[0], ...names.slice(2)].toSorted());
  });

  it('leaves nothing of one that fails, takes away one that was cut off, and touches nothing else', async () => {
    await mkdir(join(folder, `.making-${nameOf(new Date(clock.now() - 25 * HOUR))}`));
    const young = `.making-${nameOf(new Date(clock.now() - HOUR))}`;
    await mkdir(join(folder, young));
    await writeFile(join(folder, 'README'), 'ours');
    const broken = vi.spyOn(db, 'startSession').mockRejectedValueOnce(new Error('The line broke.'));
    await expect(save()).rejects.toThrow('The line broke.');
    broken.mockRestore();
    expect((await readdir(folder)).toSorted()).toEqual([young, 'README'].toSorted());
    const { name } = await save();
    expect((await readdir(folder)).toSorted()).toEqual([young, name, 'README'].toSorted());
  });

  it('says what to do where the database forgot the moment', async () => {
    const gone = new mongo.MongoServerError({
      message: 'Read timestamp is older than the oldest',
      code: 239,
    });
    const session = { endSession: () => Promise.resolve() } as unknown as mongo.ClientSession;
    vi.spyOn(db, 'startSession').mockResolvedValueOnce(session);
    const real = db.collection.bind(db);
    vi.spyOn(db, 'collection').mockImplementation((name: string) => {
      const found = real(name);
      if (name === 'backupprobes') {
        return {
          // What was there before the moment, and never what came after it.
          find: () => ({ toArray: () => Promise.resolve([{}]) }),
          insertOne: () => Promise.resolve({}),
          drop: () => Promise.resolve(true),
        } as never;
      }
      return Object.assign(Object.create(found) as typeof found, {
        indexes: () => Promise.resolve([]),
        find: () => {
          throw gone;
        },
      });
    });
    await expect(saveBackup({ db, folder: join(folder, 'one'), clock })).rejects.toMatchObject({
      code: 'backup.snapshot-gone',
      message: expect.stringContaining('minSnapshotHistoryWindowInSeconds') as string,
      cause: gone,
    });
  });
});

describe('a drill', () => {
  it('reads the newest and counts its ledger', async () => {
    await save();
    clock.jump(HOUR);
    const { name } = await save();
    const outcome = await drillOf();
    expect(outcome).toMatchObject({ name, documents: 1, at: new Date(clock.now()) });
    expect(outcome.bytes).toBeGreaterThan(50);
  });

  it('restores it into an empty database, and leaves nothing there', async () => {
    await save();
    const into = t.another();
    expect(await drillOf({ into })).toMatchObject({ documents: 1 });
    expect(await into.listCollections()).toEqual([]);
  });

  it('takes no database that is in use, and drops nothing of it', async () => {
    await save();
    await expect(drillOf({ into: db })).rejects.toMatchObject({ code: 'backup.not-empty' });
    expect(await new LedgerStore(db).turnover()).toHaveLength(2);
  });

  it('fails on a damaged backup, also into a database, which is empty afterwards', async () => {
    const { name, manifest } = await save();
    for (const { name: collection } of manifest.collections) {
      await writeFile(`${documentsPath(join(folder, name), collection)}.age`, 'damaged');
    }
    const into = t.another();
    await expect(drillOf()).rejects.toMatchObject({ code: 'backup.changed' });
    await expect(drillOf({ into })).rejects.toMatchObject({ code: 'backup.changed' });
    expect(await into.listCollections()).toEqual([]);
  });

  it('says when there is nothing to read', async () => {
    await expect(drillOf()).rejects.toMatchObject({ code: 'backup.none' });
  });
});

describe('what is remembered of backups', () => {
  it('is since when they are expected, and the newest of each', async () => {
    const notes = new BackupNotes(db);
    const first = new Date('2026-12-01T00:00:00Z');
    const later = new Date('2026-12-02T00:00:00Z');
    expect(await notes.times(first)).toEqual({ expectedSince: first, saved: undefined, drilled: undefined });
    const of = { name: '20261201T080000Z', documents: 1, bytes: 2, tookMs: 3 };
    await notes.note('saved', { ...of, at: first });
    await notes.note('saved', { ...of, at: later });
    await notes.note('drilled', { ...of, at: later });
    expect(await notes.times(later)).toEqual({ expectedSince: first, saved: later, drilled: later });
  });
});
