import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { generateKeyPairSync } from 'node:crypto';
import { mongo, type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeadSeal } from '../../access/head-seal.ts';
import { HashSeal } from '../../access/store/hash-seal.ts';
import { UserStore } from '../../access/store/users.ts';
import { sealHolder } from '../../kernel/holder.ts';
import { KeyRing } from '../../kernel/key-ring.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { SecretSeal } from '../../kernel/secret-seal.ts';
import { householdKey } from '../../money/discount/desk.ts';
import { PaymentKeyStore } from '../../money/payment-keys/key-store.ts';
import { PayerDigest } from '../../orders/model/payer-digest.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { testConfig } from '../../testing/config.ts';
import { keptLog } from '../../testing/log-lines.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { MIGRATIONS } from '../migrations/all.ts';
import { Migrator } from '../migrations/migrator.ts';
import { KeyAgreement } from './agreement.ts';
import { KeyRecordStore } from './key-records.ts';
import { KeyStatus } from './key-status.ts';
import { openKeys, sealAsOthersDo } from './open-keys.ts';
import { ResealStore } from './reseal-store.ts';
import { BATCH, Resealer } from './resealer.ts';
import type { Doc } from './sealed-values.ts';

const [ONE, TWO, THREE] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
const ring = (...secrets: readonly [number, Buffer][]): KeyRing => new KeyRing(new Map(secrets));
const HOLDER = 'ab'.repeat(16);
const HASH = '$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA';

let t: TestContext;
let db: Connection;
let clock: ManualClock;
const { log } = keptLog();
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(() => {
  db = t.another();
  clock = new ManualClock();
});

const now = (): Date => new Date(clock.now());
const agreeing = (keys: KeyRing, tokens = ring([1, THREE])): KeyAgreement =>
  new KeyAgreement({ db, keys, tokens, kind: 'web', clock });
async function begun(keys: KeyRing, tokens?: KeyRing): Promise<KeyAgreement> {
  const agreement = agreeing(keys, tokens);
  await agreement.announce();
  await openKeys(db, keys, now());
  await agreement.round();
  return agreement;
}
const documentsOf = (name: string) => db.collection<Doc>(name);

describe('a process with its keys', () => {
  it('refuses a key that is another than the database knows by that number, and says what to do', async () => {
    await begun(ring([1, ONE]));
    await expect(openKeys(db, ring([1, TWO]), now())).rejects.toMatchObject({
      code: 'keys.other',
      message: expect.stringMatching(/Put the right one into DATA_KEYS; a new key gets a number/u) as string,
    });
    await expect(sealAsOthersDo(db, ring([1, TWO]))).rejects.toMatchObject({ code: 'keys.other' });
  });

  it('refuses to begin without a version that values are under', async () => {
    await begun(ring([1, ONE]));
    await expect(openKeys(db, ring([2, TWO]), now())).rejects.toMatchObject({
      code: 'keys.missing',
      context: { version: 1 },
    });
    await new KeyRecordStore(db).mark(1, { emptiedAt: now() });
    await openKeys(db, ring([2, TWO]), now());
  });

  it('refuses so in a database from before versions were noted, too', async () => {
    await new UserStore(db, ONE).insert({
      ...{ _id: 'u', name: 'n', passwordHash: HASH, roles: [], status: 'active', createdAt: now() },
    });
    await expect(openKeys(db, ring([2, TWO]), now())).rejects.toMatchObject({ code: 'keys.missing' });
    await openKeys(db, ring([1, ONE], [2, TWO]), now());
  });
});

describe('a new secret of tokens', () => {
  const keys = ring([1, ONE]);

  it('signs once every process that lives has it, and no earlier', async () => {
    const first = await begun(keys, ring([1, TWO]));
    const tokens = ring([1, TWO], [2, THREE]);
    const second = await begun(keys, tokens);
    expect([await second.round(), tokens.sealing]).toEqual([0, 1]);
    await first.leave();
    expect([await second.round(), tokens.sealing]).toEqual([1, 2]);
    // The former one is taken out.
    const only = ring([2, THREE]);
    await begun(keys, only);
    await second.round();
    expect([tokens.sealing, only.sealing]).toEqual([2, 2]);
  });

  it('does not sign while a process has another by its number, or says nothing of secrets', async () => {
    const other = await begun(keys, ring([1, TWO], [2, ONE]));
    const tokens = ring([1, TWO], [2, THREE]);
    const agreement = await begun(keys, tokens);
    expect(tokens.sealing).toBe(1);
    await other.leave();
    const earlier = { kind: 'web', at: now(), versions: [1] } as const;
    await documentsOf('keyholders').insertOne({ _id: 'earlier', ...earlier });
    await agreement.round();
    expect(tokens.sealing).toBe(1);
    clock.jump(31_000);
    await agreement.round();
    expect(tokens.sealing).toBe(2);
  });
});

describe('a new version', () => {
  it('is sealed under once every process that lives has it', async () => {
    const old = ring([1, ONE]);
    const first = await begun(old);
    const renewed = ring([1, ONE], [2, TWO]);
    const second = await begun(renewed);
    expect(renewed.sealing).toBe(1);
    // The old one is restarted with both.
    await first.leave();
    expect([await second.round(), renewed.sealing]).toEqual([1, 2]);
    const third = ring([1, ONE], [2, TWO]);
    await begun(third);
    expect(third.sealing).toBe(2);
  });

  it('waits no longer for a process that was killed', async () => {
    await begun(ring([1, ONE]));
    const renewed = ring([1, ONE], [2, TWO]);
    const agreement = await begun(renewed);
    clock.jump(31_000);
    await agreement.round();
    expect(renewed.sealing).toBe(2);
  });

  it('is not used where a process without it comes between the two looks, and that one does not begin', async () => {
    await begun(ring([1, ONE]));
    clock.jump(31_000);
    const renewed = ring([1, ONE], [2, TWO]);
    const agreement = agreeing(renewed);
    await agreement.announce();
    await openKeys(db, renewed, now());
    const late = ring([1, ONE]);
    const records = new KeyRecordStore(db);
    const mark = KeyRecordStore.prototype.mark;
    let refused: unknown;
    KeyRecordStore.prototype.mark = async function (this: KeyRecordStore, ...call: Parameters<typeof mark>) {
      await mark.apply(records, call);
      if (call[1].proposedAt === undefined) return;
      const other = agreeing(late);
      await other.announce();
      refused = await openKeys(db, late, now()).catch((error: unknown) => error);
    };
    try {
      await agreement.round();
    } finally {
      KeyRecordStore.prototype.mark = mark;
    }
    expect(refused).toMatchObject({ code: 'keys.missing', context: { version: 2 } });
    expect(renewed.sealing).toBe(1);
  });

  it('and what earlier servers kept in clear waits for the last of those to end', async () => {
    const keys = ring([1, ONE]);
    await db.collection('processnotes').insertMany([{ at: now() }, { at: now() }]);
    const agreement = await begun(keys);
    expect(keys.sealsAll).toBe(false);
    expect(new HashSeal(keys, 'passwords').seal(HASH, 'u')).toBe(HASH);
    clock.jump(31_000);
    await db.collection('processnotes').insertOne({ at: now() });
    await agreement.round();
    expect(keys.sealsAll).toBe(true);
    expect(new HashSeal(keys, 'passwords').seal(HASH, 'u')).not.toContain('argon2');
  });
});

/** One of each value that needs a key, many orders, as processes with `keys` stored them. */
async function plant(keys: KeyRing, orders: number): Promise<void> {
  const numbers = new NumberSeal(keys);
  const secret = (purpose: string, of: string): string => new SecretSeal(keys, purpose).seal('a secret', of);
  const store = new MongoOrderStore({ db, seal: numbers, wrote: () => undefined });
  const payer = keys.sealsAll
    ? new PayerDigest(keys).of({ orderNo: 'x', channel: 'wechat', payerId: 'p' })
    : 'AAAAAAAAAAAAAAAA';
  for (let no = 0; no < orders; no += 1) {
    await store.insert(
      sampleOrder({
        _id: `2603011000${String(no).padStart(8, '0')}`,
        ...{ idempotencyKey: `k${no}`, meterNo: `m${no}`, customerNo: `65010000${no}`, holder: HOLDER },
        payments: [samplePayment({ no: `p${no}`, payer })],
        dueAt: null,
      }),
    );
  }
  const kept = await documentsOf('orders').findOne({});
  await documentsOf('orders_archive').insertOne({ ...kept, _id: 'archived' });
  const binding = { customer: numbers.seal('65'), holder: sealHolder(numbers, HOLDER) };
  await documentsOf('bindings').insertOne({ _id: 'b', payerId: 'p', ...binding });
  await documentsOf('boxBindings').insertOne({ _id: 'b', payerId: 't', ...binding });
  await documentsOf('replacements').insertOne({ _id: 'r', customerNo: numbers.seal('66') });
  await documentsOf('complaints').insertOne({ _id: 'c', text: numbers.seal('words of a payer') });
  await documentsOf('invoices').insertOne({ _id: 'i', buyer: numbers.seal('["title","tax"]') });
  await documentsOf('exports').insertOne({
    _id: 'e',
    request: { search: { customerNo: numbers.seal('67') } },
  });
  await documentsOf('approvals').insertOne({ _id: 'a', content: { sealed: numbers.seal('68'), other: 1 } });
  const hashes = { passwords: new HashSeal(keys, 'passwords'), pins: new HashSeal(keys, 'staff pins') };
  await documentsOf('users').insertOne({
    _id: 'u',
    passwordHash: hashes.passwords.seal(HASH, 'u'),
    proposed: { reset: 'r', passwordHash: hashes.passwords.seal(HASH, 'u') },
    totp: { sealed: secret('bianmin second factors', 'u'), lastStep: 1 },
    totpProposed: secret('bianmin second factors', 'u'),
  });
  await documentsOf('staffpins').insertOne({ _id: 'u', hash: hashes.pins.seal(HASH, 'u') });
  await documentsOf('alertdestinations').insertOne({
    _id: 'd',
    sealed: secret('bianmin alert destinations', 'd'),
  });
  await new PaymentKeyStore(db, keys).insert({
    ...{ _id: 'k', channel: 'wechat', whose: 'ours', fingerprint: 'f', status: 'active', createdAt: now() },
    ...{ createdBy: 'u', pem: 'a private key' },
  });
  const head = { writer: 'w', n: 3, digest: 'd' };
  const seal = new HeadSeal(keys).of(head);
  await documentsOf('audit-heads').insertOne({ _id: 'w', n: 3, digest: 'd', at: now(), seal });
  const known = { community: 'north', tags: ['elderly'] };
  await documentsOf('households').insertOne({
    _id: householdKey(keys)('collection-v1', '650100000'),
    ...known,
  });
}

/** Everything that is sealed, as one with these keys reads it; throws where something does not open. */
async function read(keys: KeyRing): Promise<unknown> {
  const store = new MongoOrderStore({ db, seal: new NumberSeal(keys), wrote: () => undefined });
  const orders = await Promise.all(
    (await documentsOf('orders').find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => store.get(_id)),
  );
  const user = await new UserStore(db, keys).get('u');
  const hashes = new HashSeal(keys, 'passwords');
  const key = await new PaymentKeyStore(db, keys).active(now());
  return {
    orders: orders.map((order) => [order?.customerNo, order?.holder]),
    hashes: [user?.passwordHash, user?.proposed?.passwordHash].map((hash) => hashes.open(hash ?? '', 'u')),
    totp: new SecretSeal(keys, 'bianmin second factors').open(user?.totp?.sealed ?? '', 'u'),
    pem: key.map(({ pem }) => pem),
  };
}

async function dump(): Promise<string> {
  const names = (await db.listCollections()).map(({ name }) => name);
  const all = await Promise.all(names.map((name) => documentsOf(name).find({}).toArray()));
  return JSON.stringify(all);
}

/** Goes on while something is done, as a real one. */
const running = {
  now: (): number => {
    clock.jump(1);
    return clock.now();
  },
};

/** Rounds until there is nothing to do, over what must wait. */
async function resealed(keys: KeyRing, init: { most?: number } = {}): Promise<void> {
  const resealer = new Resealer({ db, keys, clock: running, log });
  for (let round = 0; round < (init.most ?? 400); round += 1) {
    const stands = await new ResealStore(db).get();
    if (stands?.doneAt !== undefined && stands.target === keys.sealing) return;
    if ((await resealer.round()) === 0) clock.jump(61_000);
  }
  if (init.most === undefined) throw new Error('It does not come to an end.');
  await resealer.leave();
}

describe('values under an old version', () => {
  it('are made anew, all of them, and open without the old key; nothing of the old is left in the database', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 3);
    const [text, before] = [await dump(), await read(keys)];
    const old = sealedOf(text, keys.only(1));
    expect(old.length).toBeGreaterThan(15);
    clock.jump(31_000);
    await begun(keys);
    await resealed(keys);
    const without = keys.only(2);
    expect(await read(without)).toMatchObject({ ...(before as object) });
    const after = await dump();
    expect(old.filter((each) => after.includes(each))).toEqual([]);
    await openKeys(db, ring([2, TWO]), now());
    expect((await new KeyRecordStore(db).all())[0]?.emptiedAt).toBeInstanceOf(Date);
  });

  it('are made anew though the work is killed again and again, each once, and it says how far it is', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, BATCH + 20);
    clock.jump(31_000);
    await begun(keys);
    await resealed(keys, { most: 1 });
    expect(await new ResealStore(db).get()).toMatchObject({
      ...{ target: 2, walk: 1, collection: 'orders', looked: BATCH },
      renewedInAll: 3 * BATCH + 1,
    });
    for (let life = 0; life < 60; life += 1) await resealed(keys, { most: 1 });
    await resealed(keys);
    const store = new MongoOrderStore({ db, seal: new NumberSeal(keys.only(2)), wrote: () => undefined });
    expect((await store.get(`2603011000${String(BATCH + 3).padStart(8, '0')}`))?.customerNo).toBe(
      `65010000${BATCH + 3}`,
    );
  });

  it('that another changes at the same moment are not written over', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 1);
    clock.jump(31_000);
    await begun(keys);
    const users = db.collection<Doc>('users');
    const write = users.bulkWrite.bind(users);
    const changed = new HashSeal(keys, 'passwords').seal('$argon2id$changed', 'u');
    const collection = db.db?.collection.bind(db.db);
    Object.assign(db.db ?? {}, {
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
      await resealed(keys, { most: 30 });
    } finally {
      Object.assign(db.db ?? {}, { collection });
    }
    expect((await users.findOne({ _id: 'u' }))?.['passwordHash']).toBe(changed);
  });

  it('keep their key in use while one cannot be changed yet: an order that moves, a code that lives', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 1);
    await documentsOf('orders').updateMany({}, { $set: { dueAt: now() } });
    await documentsOf('oneTimeCodes').insertOne({ _id: 'bind:x', mac: 'ab'.repeat(32), tries: 0 });
    clock.jump(31_000);
    await begun(keys);
    await resealed(keys, { most: 80 });
    const stands = await new ResealStore(db).get();
    expect(stands?.doneAt).toBeUndefined();
    expect((await new KeyRecordStore(db).all())[0]?.emptiedAt).toBeUndefined();
    await documentsOf('orders').updateMany({}, { $unset: { dueAt: '' } });
    await documentsOf('oneTimeCodes').deleteMany({});
    await resealed(keys);
  });

  it('of a chain whose head was forged are not sealed anew', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 1);
    await documentsOf('audit-heads').updateOne({ _id: 'w' }, { $set: { n: 2 } });
    clock.jump(31_000);
    await begun(keys);
    await resealed(keys, { most: 80 });
    const head = await documentsOf('audit-heads').findOne({ _id: 'w' });
    expect(head?.['seal']).not.toMatch(/^2\./u);
    const stopped = await new ResealStore(db).get();
    expect(stopped).toMatchObject({ left: { 'audit-heads': 1 }, unreadable: 1 });
    expect(stopped?.stoppedAt).toBeInstanceOf(Date);
  });

  it('stop at what opens under no key: it is told, and nothing is looked at again until asked', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 1);
    await documentsOf('audit-heads').updateOne({ _id: 'w' }, { $inc: { n: 1 } });
    clock.jump(31_000);
    await begun(keys);
    await resealed(keys, { most: 120 });
    const work = new ResealStore(db);
    const stopped = await work.get();
    expect(stopped?.stoppedAt).toBeInstanceOf(Date);
    expect(stopped?.doneAt).toBeUndefined();
    // What it could not open may have been under version 1.
    expect((await new KeyRecordStore(db).all())[0]?.emptiedAt).toBeUndefined();
    const config = testConfig({ DATA_KEYS: keys });
    const told = (await new KeyStatus({ db, config, clock }).now()).data.work;
    expect(told).toMatchObject({ left: { 'audit-heads': 1 }, unreadable: 1, doneAt: null });
    expect(told?.stoppedAt).toBe(stopped?.stoppedAt?.toISOString());
    const resealer = new Resealer({ db, keys, clock, log });
    for (let day = 0; day < 3; day += 1) {
      clock.jump(24 * 3_600_000);
      expect(await resealer.round()).toBe(0);
    }
    expect(await work.get()).toEqual(stopped);
    // The document came back from a backup.
    await documentsOf('audit-heads').updateOne({ _id: 'w' }, { $inc: { n: -1 } });
    await work.again();
    await resealed(keys);
    await resealer.leave();
  });

  it('are looked at ever more rarely while the same ones are left', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 1);
    await documentsOf('oneTimeCodes').insertOne({ _id: 'bind:x', mac: 'ab'.repeat(32), tries: 0 });
    clock.jump(31_000);
    await begun(keys);
    const walksIn = async (ms: number): Promise<number> => {
      const work = new ResealStore(db);
      const [from, until] = [(await work.get())?.walk ?? 0, clock.now() + ms];
      const resealer = new Resealer({ db, keys, clock, log });
      while (clock.now() < until) if ((await resealer.round()) === 0) clock.jump(10_000);
      await resealer.leave();
      return ((await work.get())?.walk ?? 0) - from;
    };
    await walksIn(600_000);
    expect(await walksIn(3_600_000)).toBeLessThan(10);
    expect((await new ResealStore(db).get())?.stoppedAt).toBeUndefined();
  });

  it('give their households new names once, and look for none where none has an old one', async () => {
    const keys = ring([1, ONE], [2, TWO]);
    await begun(ring([1, ONE]));
    await plant(keys, 2);
    clock.jump(31_000);
    await begun(keys);
    await documentsOf('households').deleteMany({});
    const find = vi.spyOn(mongo.Collection.prototype, 'find');
    await resealed(keys);
    const searched = find.mock.calls.filter(
      ([filter], call) =>
        (find.mock.contexts[call] as mongo.Collection).collectionName === 'households' &&
        JSON.stringify(filter).includes('$in'),
    );
    find.mockRestore();
    expect(searched).toEqual([]);
  });

  it('go through a second change as through the first', async () => {
    await begun(ring([1, ONE]));
    await plant(ring([1, ONE]), 1);
    clock.jump(31_000);
    const second = ring([1, ONE], [2, TWO]);
    await begun(second);
    await resealed(second);
    clock.jump(31_000);
    const third = ring([2, TWO], [3, THREE]);
    await begun(third);
    expect(third.sealing).toBe(3);
    await resealed(third);
    expect(await read(third.only(3))).toMatchObject({ totp: 'a secret' });
  });
});

describe('what earlier servers kept in clear', () => {
  it('is sealed, and who paid is forgotten, by the same work; the way back opens all for such a server', async () => {
    const clear = ring([1, ONE]);
    clear.sealsAll = false;
    await plant(clear, 2);
    const before = await dump();
    expect(before).toMatch(/argon2id.*AAAAAAAAAAAAAAAA|AAAAAAAAAAAAAAAA.*argon2id/u);
    expect(before).toContain(HOLDER);
    const keys = ring([1, ONE]);
    await begun(keys);
    await resealed(keys);
    const after = await dump();
    for (const each of ['argon2', 'AAAAAAAAAAAAAAAA', HOLDER]) expect(after).not.toContain(each);
    const both = ring([1, ONE], [2, TWO]);
    clock.jump(31_000);
    await begun(both);
    await resealed(both);
    const migrator = new Migrator({ db, clock, migrations: MIGRATIONS, by: 'a test', keys: both });
    await migrator.run('up');
    await migrator.run('down', 4);
    const back = await dump();
    expect(back.match(/.{60}"2\.[\w-]{20,}"/gu)).toBeNull();
    expect(back).toContain('$argon2id$');
    expect(back).toContain(HOLDER);
    expect(await read(clear)).toMatchObject({ totp: 'a secret', hashes: [HASH, HASH] });
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

describe('what is told of keys', () => {
  it('is their age, their state and how far a change is, and never a key', async () => {
    const [old, keys] = [ring([1, ONE]), ring([1, ONE], [2, TWO])];
    const config = testConfig({
      DATA_KEYS: keys,
      TOKEN_SECRETS: ring([1, THREE], [2, TWO]),
      COMMAND_SIGN_KEY: 'a sign key',
      INVOICE_KEY: '44'.repeat(32),
    });
    const status = new KeyStatus({ db, config, clock });
    const first = await begun(old);
    await plant(old, 2);
    const agreement = await begun(keys);
    const waiting = await status.now();
    expect(waiting.data).toMatchObject({
      versions: [
        { version: 1, state: 'sealing' },
        { version: 2, state: 'waiting', usedSince: null },
      ],
      lacking: 1,
    });
    const sign = waiting.others.find(({ name }) => name === 'COMMAND_SIGN_KEY');
    expect(sign).toMatchObject({ guide: 'command', since: now().toISOString(), notAfter: null });
    const tokens = waiting.others.filter(({ guide }) => guide === 'token').map(({ name }) => name);
    expect(tokens).toEqual(['TOKEN_SECRET', 'TOKEN_SECRET 2']);
    await first.leave();
    await agreement.round();
    clock.jump(3_600_000);
    await agreement.announce();
    await resealed(keys);
    const done = await status.now();
    expect(done.data).toMatchObject({
      versions: [
        { version: 1, state: 'empty' },
        { version: 2, state: 'sealing' },
      ],
      lacking: 0,
      work: { version: 2, left: {}, unreadable: 0 },
    });
    expect(done.data.work?.doneAt).not.toBeNull();
    expect(done.data.work?.renewed).toBeGreaterThan(15);
    // The same key, though what tells it is made with another data key by now.
    const later = done.others.find(({ name }) => name === 'COMMAND_SIGN_KEY');
    expect(later).toMatchObject({ since: sign?.since ?? '' });
    expect(later?.fingerprint).not.toBe(sign?.fingerprint);
    const text = JSON.stringify([waiting, done, await dump()]);
    for (const secret of ['a sign key', '44'.repeat(32), ...keys.secretTexts()])
      expect(text).not.toContain(secret);
  });

  it('has the keys of channels that were uploaded, and asks once for all', async () => {
    const keys = ring([1, ONE]);
    await begun(keys);
    const config = testConfig({ DATA_KEYS: keys, WECHAT_PLATFORM_KEYS: {} });
    const status = new KeyStatus({ db, config, clock });
    const before = (await status.now()).others;
    const uploads = new PaymentKeyStore(db, keys);
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }) as string;
    await uploads.insert({
      ...{ _id: 'k', channel: 'wechat', whose: 'theirs', serial: 'PUB_KEY_ID_9', pem, fingerprint: 'f' },
      ...{ status: 'active', createdAt: now(), createdBy: 'u' },
    });
    clock.jump(3_600_000);
    const find = vi.spyOn(mongo.Collection.prototype, 'find');
    const { others } = await status.now();
    const asked = find.mock.contexts.filter(
      (collection) => (collection as mongo.Collection).collectionName === 'keynotes',
    );
    find.mockRestore();
    expect(asked).toHaveLength(1);
    const [uploaded, ...more] = others.filter(
      ({ fingerprint }) => !before.some((each) => each.fingerprint === fingerprint),
    );
    expect(more).toEqual([]);
    expect(uploaded).toMatchObject({
      ...{ name: 'WECHAT_PLATFORM_KEYS', guide: 'channel', since: now().toISOString() },
    });
    expect(others.find(({ name }) => name === 'GRID_SIGN_KEY')).toEqual(
      before.find(({ name }) => name === 'GRID_SIGN_KEY'),
    );
  });
});
