import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { namedUri } from './given.ts';
import { ENGINES, openDatabase, type Database } from './open.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-open-'));
  vi.stubEnv('MONGODB_URI', '');
  vi.stubEnv('BIANMIN_DB_ENGINE', '');
  vi.stubEnv('BIANMIN_NO_DOWNLOAD', '1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

async function withDatabase<T>(database: Database, use: (uri: string) => Promise<T>): Promise<T> {
  try {
    return await use(database.uri);
  } finally {
    await database.close();
  }
}

async function withCollection<T>(
  uri: string,
  use: (notes: ReturnType<ReturnType<typeof createConnection>['collection']>) => Promise<T>,
): Promise<T> {
  const connection = await createConnection(uri, { dbName: 'probe' }).asPromise();
  try {
    return await use(connection.collection('notes'));
  } finally {
    await connection.close();
  }
}

async function inDatabase<T>(uri: string, use: (db: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection(uri).asPromise();
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

// The engines that are on this machine, each of which must pass; `npm run ci` has them all.
const there: (typeof ENGINES)[number][] = [];
for (const engine of ENGINES) {
  if (engine.name === 'mongod-download') continue;
  const launch = await engine.prepare(join(tmpdir(), 'bianmin-not-used'), () => undefined);
  if (!('absent' in launch)) there.push(engine);
}

describe.each(there.map((engine) => [engine.name, engine.durable] as const))('%s', (engine, durable) => {
  it('answers, does one of many compare-and-sets, and keeps data over a gentle stop', async () => {
    await withDatabase(await openDatabase({ dir, engine }), (uri) =>
      withCollection(uri, async (notes) => {
        await notes.insertOne({ key: 'a', n: 0 });
        const racers = Array.from({ length: 20 }, () =>
          notes.updateOne({ key: 'a', n: 0 }, { $set: { n: 1 } }),
        );
        const moved = (await Promise.all(racers)).filter(({ modifiedCount }) => modifiedCount === 1);
        expect(moved).toHaveLength(1);
      }),
    );
    const again = await openDatabase({ dir, engine });
    const found = await withDatabase(again, (uri) =>
      withCollection(uri, (notes) => notes.findOne({ key: 'a' })),
    );
    expect(found?.['n']).toBe(1);
    expect(again).toMatchObject({ engine, durable });
    expect(again.note).toContain(engine);
  });

  it(
    durable ? 'loses nothing that it acknowledged when it is killed' : 'is refused where nothing may be lost',
    async () => {
      if (!durable) {
        await expect(openDatabase({ dir, engine, durable: true })).rejects.toThrow(/loses nothing/);
        return;
      }
      const first = await openDatabase({ dir, engine, durable: true });
      await withCollection(first.uri, async (notes) => {
        const one = (n: number) => notes.insertOne({ n }, { writeConcern: { w: 'majority', journal: true } });
        await Promise.all(Array.from({ length: 50 }, (_, n) => one(n)));
      });
      await first.program?.kill();
      const count = await withDatabase(await openDatabase({ dir, engine }), (uri) =>
        withCollection(uri, (notes) => notes.countDocuments()),
      );
      expect(count).toBe(50);
    },
  );
});

describe('openDatabase', () => {
  it('says what each engine lacked, and what to do', async () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('XDG_CACHE_HOME', dir);
    await expect(openDatabase({ dir, durable: true })).rejects.toThrow(
      /mongod is not on PATH; secantusd-rs is not built .* npm run db:build/,
    );
    await expect(openDatabase({ dir, engine: 'secantusd-rs' })).rejects.toThrow(/"secantusd-rs"/);
  });

  it('refuses a name in BIANMIN_DB_ENGINE that it does not know', async () => {
    vi.stubEnv('BIANMIN_DB_ENGINE', 'oracle');
    await expect(openDatabase({ dir })).rejects.toThrow(/is "oracle"; it can be given, mongod/);
  });

  it('takes MONGODB_URI before anything else, leaves it running, and fails early where nothing answers', async () => {
    const engine = there[0]?.name;
    if (engine === undefined) throw new Error('No engine is on this machine.');
    await withDatabase(await openDatabase({ dir, engine }), async (uri) => {
      vi.stubEnv('MONGODB_URI', uri);
      const given = await openDatabase({ dir, given: 'as-is' });
      expect(given).toMatchObject({ uri, engine: 'given' });
      await given.close();
      await withCollection(uri, (notes) => notes.insertOne({ still: 'there' }));
    });
    vi.stubEnv('MONGODB_URI', 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50');
    await expect(openDatabase({ dir })).rejects.toThrow();
  });

  it('keeps to a database of its own name on the server of MONGODB_URI, and drops it at the end', async () => {
    const engine = there[0]?.name;
    if (engine === undefined) throw new Error('No engine is on this machine.');
    await withDatabase(await openDatabase({ dir, engine }), async (server) => {
      const people = namedUri(server, 'bianmin');
      await inDatabase(people, (db) => db.collection('orders').insertOne({ of: 'people' }));
      vi.stubEnv('MONGODB_URI', people);
      const [one, two] = [await openDatabase({ dir }), await openDatabase({ dir })];
      expect(new Set([people, one.uri, two.uri]).size).toBe(3);
      await inDatabase(one.uri, (db) => db.collection('orders').insertOne({ of: 'one' }));
      await inDatabase(two.uri, (db) => db.collection('orders').insertOne({ of: 'two' }));
      await one.close();
      const left = (uri: string): Promise<number> =>
        inDatabase(uri, (db) => db.collection('orders').countDocuments());
      expect(await left(one.uri)).toBe(0);
      expect(await left(two.uri)).toBe(1);
      await two.close();
      expect(await left(two.uri)).toBe(0);
      expect(await left(people)).toBe(1);
      vi.stubEnv('BIANMIN_DB_ENGINE', engine);
      const away = await openDatabase({ dir: join(dir, 'away'), given: 'ignored' });
      expect(away.engine).toBe(engine);
      await away.close();
    });
  });
});
