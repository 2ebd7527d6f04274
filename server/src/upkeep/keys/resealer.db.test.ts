import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mongo } from 'mongoose';
import { HeadSeal } from '../../access/head-seal.ts';
import { HashSeal } from '../../access/store/hash-seal.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { SecretSeal } from '../../kernel/secret-seal.ts';
import { householdKey } from '../../money/discount/desk.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { testConfig } from '../../testing/config.ts';
import { MIGRATIONS } from '../migrations/all.ts';
import { Migrator } from '../migrations/migrator.ts';
import { KeyRecordStore } from './key-records.ts';
import { KeyStatus } from './key-status.ts';
import { openKeys } from './open-keys.ts';
import { ResealStore } from './reseal-store.ts';
import { BATCH, Resealer } from './resealer.ts';
import type { Doc } from './sealed-values.ts';
import { HASH, HOLDER, KeysWorld, ONE, ring, THREE, TWO } from '../../testing/keys-world.ts';

let w: KeysWorld;
beforeAll(async () => {
  w = await KeysWorld.open();
});
afterAll(() => w.close());
beforeEach(() => {
  w.fresh();
});

describe('values under an old version', () => {
  it('are made anew, all of them, and open without the old key; nothing of the old is left in the database', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 3);
    const [text, before] = [await w.dump(), await w.read(keys)];
    const old = sealedOf(text, keys.only(1));
    expect(old.length).toBeGreaterThan(15);
    w.clock.jump(31_000);
    await w.begun(keys);
    await w.resealed(keys);
    const without = keys.only(2);
    expect(await w.read(without)).toMatchObject({ ...(before as object) });
    const after = await w.dump();
    expect(old.filter((each) => after.includes(each))).toEqual([]);
    await openKeys(w.db, ring([2, TWO]), w.now());
    expect((await new KeyRecordStore(w.db).all())[0]?.emptiedAt).toBeInstanceOf(Date);
  });

  it('are made anew though the work is killed again and again, each once, and it says how far it is', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, BATCH + 20);
    w.clock.jump(31_000);
    await w.begun(keys);
    await w.resealed(keys, { most: 1 });
    expect(await new ResealStore(w.db).get()).toMatchObject({
      ...{ target: 2, walk: 1, collection: 'orders', looked: BATCH },
      renewedInAll: 3 * BATCH + 1,
    });
    for (let life = 0; life < 60; life += 1) await w.resealed(keys, { most: 1 });
    await w.resealed(keys);
    const store = new MongoOrderStore({
      db: w.db,
      seal: new NumberSeal(keys.only(2)),
      wrote: () => undefined,
    });
    expect((await store.get(`2603011000${String(BATCH + 3).padStart(8, '0')}`))?.customerNo).toBe(
      `65010000${BATCH + 3}`,
    );
  });

  it('that another changes at the same moment are not written over', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 1);
    w.clock.jump(31_000);
    await w.begun(keys);
    const users = w.db.collection<Doc>('users');
    const write = users.bulkWrite.bind(users);
    const changed = new HashSeal(keys, 'passwords').seal('$argon2id$changed', 'u');
    const collection = w.db.db?.collection.bind(w.db.db);
    Object.assign(w.db.db ?? {}, {
      collection: (...call: [string]) => {
        const found = collection?.(...call);
        if (call[0] === 'users')
          Object.assign(found ?? {}, {
            bulkWrite: async (...ops: Parameters<typeof write>) => {
              await users.updateOne({ _id: 'u' }, { $set: { passwordHash: changed } });
              return write(...ops);
            },
          });
        return found;
      },
    });
    try {
      await w.resealed(keys, { most: 30 });
    } finally {
      Object.assign(w.db.db ?? {}, { collection });
    }
    expect((await users.findOne({ _id: 'u' }))?.['passwordHash']).toBe(changed);
  });

  it('keep their key in use while one cannot be changed yet: an order that moves, a code that lives', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 1);
    await w.documentsOf('orders').updateMany({}, { $set: { dueAt: w.now() } });
    await w.documentsOf('oneTimeCodes').insertOne({ _id: 'bind:x', mac: 'ab'.repeat(32), tries: 0 });
    w.clock.jump(31_000);
    await w.begun(keys);
    await w.resealed(keys, { most: 80 });
    const stands = await new ResealStore(w.db).get();
    expect(stands?.doneAt).toBeUndefined();
    expect((await new KeyRecordStore(w.db).all())[0]?.emptiedAt).toBeUndefined();
    await w.documentsOf('orders').updateMany({}, { $unset: { dueAt: '' } });
    await w.documentsOf('oneTimeCodes').deleteMany({});
    await w.resealed(keys);
  });

  it('of a chain whose head was forged are not sealed anew', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 1);
    await w.documentsOf('audit-heads').updateOne({ _id: 'w' }, { $set: { n: 2 } });
    w.clock.jump(31_000);
    await w.begun(keys);
    await w.resealed(keys, { most: 80 });
    const head = await w.documentsOf('audit-heads').findOne({ _id: 'w' });
    expect(head?.['seal']).not.toMatch(/^2\./u);
    const stopped = await new ResealStore(w.db).get();
    expect(stopped).toMatchObject({ left: { 'audit-heads': 1 }, unreadable: 1 });
    expect(stopped?.stoppedAt).toBeInstanceOf(Date);
  });

  it('stop at what opens under no key: it is told, and nothing is looked at again until asked', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 1);
    await w.documentsOf('audit-heads').updateOne({ _id: 'w' }, { $inc: { n: 1 } });
    w.clock.jump(31_000);
    await w.begun(keys);
    await w.resealed(keys, { most: 120 });
    const work = new ResealStore(w.db);
    const stopped = await work.get();
    expect(stopped?.stoppedAt).toBeInstanceOf(Date);
    expect(stopped?.doneAt).toBeUndefined();
    // What it could not open may have been under version 1.
    expect((await new KeyRecordStore(w.db).all())[0]?.emptiedAt).toBeUndefined();
    const config = testConfig({ DATA_KEYS: keys });
    const told = (await new KeyStatus({ db: w.db, config, clock: w.clock }).now()).data.work;
    expect(told).toMatchObject({ left: { 'audit-heads': 1 }, unreadable: 1, doneAt: null });
    expect(told?.stoppedAt).toBe(stopped?.stoppedAt?.toISOString());
    const resealer = new Resealer({ db: w.db, keys, clock: w.clock, log: w.log });
    for (let day = 0; day < 3; day += 1) {
      w.clock.jump(24 * 3_600_000);
      expect(await resealer.round()).toBe(0);
    }
    expect(await work.get()).toEqual(stopped);
    // The document came back from a backup.
    await w.documentsOf('audit-heads').updateOne({ _id: 'w' }, { $inc: { n: -1 } });
    await work.again();
    await w.resealed(keys);
    await resealer.leave();
  });

  it('are looked at ever more rarely while the same ones are left', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 1);
    await w.documentsOf('oneTimeCodes').insertOne({ _id: 'bind:x', mac: 'ab'.repeat(32), tries: 0 });
    w.clock.jump(31_000);
    await w.begun(keys);
    const walksIn = async (ms: number): Promise<number> => {
      const work = new ResealStore(w.db);
      const [from, until] = [(await work.get())?.walk ?? 0, w.clock.now() + ms];
      const resealer = new Resealer({ db: w.db, keys, clock: w.clock, log: w.log });
      while (w.clock.now() < until) if ((await resealer.round()) === 0) w.clock.jump(10_000);
      await resealer.leave();
      return ((await work.get())?.walk ?? 0) - from;
    };
    await walksIn(600_000);
    expect(await walksIn(3_600_000)).toBeLessThan(10);
    expect((await new ResealStore(w.db).get())?.stoppedAt).toBeUndefined();
  });

  it('give their households new names once, and look for none where none has an old one', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await w.begun(ring([1, ONE]));
    await w.plant(keys, 2);
    w.clock.jump(31_000);
    await w.begun(keys);
    await w.documentsOf('households').deleteMany({});
    const find = vi.spyOn(mongo.Collection.prototype, 'find');
    await w.resealed(keys);
    const searched = find.mock.calls.filter(
      ([filter], call) =>
        (find.mock.contexts[call] as mongo.Collection).collectionName === 'households' &&
        JSON.stringify(filter).includes('$in'),
    );
    find.mockRestore();
    expect(searched).toEqual([]);
  });

  it('go through a second change as through the first', async () => {
    await w.begun(ring([1, ONE]));
    await w.plant(ring([1, ONE]), 1);
    w.clock.jump(31_000);
    const second = ring([1, ONE], [2, TWO]);
    await w.begun(second);
    await w.resealed(second);
    w.clock.jump(31_000);
    const third = ring([2, TWO], [3, THREE]);
    await w.begun(third);
    expect(third.sealing).toBe(3);
    await w.resealed(third);
    expect(await w.read(third.only(3))).toMatchObject({ totp: 'a secret' });
  });
});

describe('what earlier servers kept in clear', () => {
  it('is sealed, and who paid is forgotten, by the same work; the way back opens all for such a server', async () => {
    const clear = ring([1, ONE]);
    clear.sealsAll = false;
    await w.plant(clear, 2);
    const before = await w.dump();
    expect(before).toMatch(/argon2id.*AAAAAAAAAAAAAAAA|AAAAAAAAAAAAAAAA.*argon2id/u);
    expect(before).toContain(HOLDER);
    const keys = ring([1, ONE]);
    await w.begun(keys);
    await w.resealed(keys);
    const after = await w.dump();
    for (const each of ['argon2', 'AAAAAAAAAAAAAAAA', HOLDER]) expect(after).not.toContain(each);
    const both = ring([1, ONE], [2, TWO]);
    w.clock.jump(31_000);
    await w.begun(both);
    await w.resealed(both);
    const migrator = new Migrator({
      db: w.db,
      clock: w.clock,
      migrations: MIGRATIONS,
      by: 'a test',
      keys: both,
    });
    await migrator.run('up');
    await migrator.run('down', 4);
    const back = await w.dump();
    expect(back.match(/.{60}"2\.[\w-]{20,}"/gu)).toBeNull();
    expect(back).toContain('$argon2id$');
    expect(back).toContain(HOLDER);
    expect(await w.read(clear)).toMatchObject({ totp: 'a secret', hashes: [HASH, HASH] });
  });
});

/** What of a dump a key of version 1 made, found by trying: texts that open, digests that fit. */
function sealedOf(text: string, keys: KeyRing): string[] {
  const texts = new Set(text.match(/(?<=")(?:sealed |~)?[\w-]{16,}(?=")/gu));
  const numbers = new NumberSeal(keys);
  const opens = (each: string): boolean => {
    const tries = [
      () => numbers.open(each),
      () => numbers.beside('bianmin account holders').open(each),
      () => new HashSeal(keys, 'passwords').open(each, 'u') !== each || refuse(),
      () => new HashSeal(keys, 'staff pins').open(each, 'u') !== each || refuse(),
      () => new SecretSeal(keys, 'bianmin second factors').open(each, 'u'),
      () => new SecretSeal(keys, 'bianmin alert destinations').open(each, 'd'),
      () => new HeadSeal(keys).fits({ writer: 'w', n: 3, digest: 'd' }, each) || refuse(),
      () => householdKey(keys)('collection-v1', '650100000') === each || refuse(),
      () => each.startsWith('~') || refuse(),
    ];
    return tries.some((attempt) => {
      try {
        return Boolean(attempt());
      } catch {
        return false;
      }
    });
  };
  return [...texts].filter(opens);
}

function refuse(): never {
  throw new Error('not this');
}
