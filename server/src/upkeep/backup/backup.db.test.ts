import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { mongo, type Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { needsSessions } from '../../testing/engine.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { documentsPath } from './manifest.ts';
import { makeBackupKey, readBackupKey } from './file-form.ts';
import { checkBackup, restoreBackup } from './restore.ts';
import { namesIn, saveBackup } from './save.ts';

const ORDERS = 2_500;
const clock = new ManualClock();
let t: TestContext;
let folder: string;
let into: Connection;
beforeAll(async () => {
  t = await openTestContext();
  const orders = new MongoOrderStore({
    db: t.db,
    seal: new NumberSeal(Buffer.alloc(32, 7)),
    wrote: () => undefined,
  });
  await orders.prepare();
  const first = BigInt(firstOrderNo(new Date(clock.now())));
  const made = Array.from({ length: ORDERS }, (_, no) =>
    sampleOrder({ _id: (first + BigInt(no)).toString(), idempotencyKey: `k${no}`, meterNo: `m${no}` }),
  );
  for (const order of made.slice(0, 1)) await orders.insert(order);
  const stored = await t.db.collection('orders').findOne();
  await t.db
    .collection<{ _id: string }>('orders')
    .insertMany(
      made.slice(1).map(({ _id, idempotencyKey, meterNo }) => ({ ...stored, _id, idempotencyKey, meterNo })),
    );
  const ledger = new LedgerStore(t.db);
  await ledger.prepare();
  await ledger.add(
    made.slice(0, 50).map(({ _id }, no) => ({
      ...{ source: _id, n: 1, group: 'paid', name: 'payment.succeeded', at: new Date(0), day: '1970-01-01' },
      legs: [
        { account: 'channel:wechat', fen: 5_000 + no },
        { account: 'payer:held', fen: -5_000 - no },
      ],
    })),
  );
  // Of several chunks also when it is compressed.
  await t.db
    .collection('incompressible')
    .insertMany(Array.from({ length: 30 }, () => ({ bytes: new mongo.Binary(randomBytes(10_000)) })));
  await t.db.collection('oddities').insertMany([
    {
      ...{ whole: new mongo.Int32(5), wide: mongo.Long.fromString('9007199254740993') },
      ...{ broken: new mongo.Double(5), bytes: new mongo.Binary(Buffer.of(1, 2)), at: new Date(0) },
      ...{ nothing: null, list: [1, 'two'], of: { deep: true } },
    },
  ]);
});
afterAll(() => t.close());
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'bianmin-backup-')), 'here');
  into = t.another();
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const save = () => saveBackup({ db: t.db, folder, clock });
/** What a database holds, byte for byte, and its indexes. */
async function contents(db: Connection): Promise<unknown> {
  const all = [];
  for (const name of await namesIn(db)) {
    const found = await db.collection(name).find({}, { raw: true }).sort({ _id: 1 }).toArray();
    const indexes = await db.collection(name).indexes();
    const keys = indexes.map(({ key, unique = false, sparse = false }) =>
      JSON.stringify({ key, unique, sparse }),
    );
    all.push([
      name,
      found.map((each) => Buffer.from(each as unknown as Uint8Array).toString('hex')),
      keys.sort(),
    ]);
  }
  return all;
}

describe('a backup', () => {
  it('brings back every document as it was, byte for byte, and every index', async () => {
    const saved = await save();
    expect(saved.collections.find(({ name }) => name === 'orders')?.documents).toBe(ORDERS);
    expect(await restoreBackup({ db: into, folder })).toEqual(saved);
    expect(await contents(into)).toEqual(await contents(t.db));
    // What is unique stays so.
    const known = await into.collection<{ _id: string }>('orders').findOne();
    await expect(into.collection('orders').insertOne({ ...known, _id: 'x' as never })).rejects.toThrow(
      'E11000',
    );
  });

  it('says what the ledger came to, and a restored one that comes to something else is not to be used', async () => {
    const { balance } = await save();
    const fen = 50 * 5_000 + (50 * 49) / 2;
    expect(balance).toEqual([
      { account: 'channel:wechat', fen },
      { account: 'payer:held', fen: -fen },
    ]);
    const path = join(folder, 'manifest.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(`"fen": ${fen}`, `"fen": ${fen + 1}`));
    await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({
      code: 'backup.uneven',
      message: expect.stringContaining('channel:wechat') as string,
    });
  });

  it('is read by its owner alone', async () => {
    await save();
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
  });

  it('goes into an empty folder, and into a database without documents, or nowhere', async () => {
    await save();
    await expect(save()).rejects.toMatchObject({ code: 'backup.folder-used' });
    await into.collection('orders').insertOne({ one: 1 });
    await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({ code: 'backup.not-empty' });
    expect(await into.collection('oddities').countDocuments()).toBe(0);
  });

  it('with a byte that is another is not restored, not even in part', async () => {
    await save();
    const path = documentsPath(folder, 'orders');
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    await writeFile(path, bytes);
    await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({ code: 'backup.changed' });
    await rm(path);
    await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({ code: 'backup.changed' });
    expect(await namesIn(into)).toEqual([]);
  });

  it('that was encrypted is read by its key alone, whole, and shows nothing without it', async () => {
    const [file, others] = [join(folder, '../key'), join(folder, '../others')];
    const recipient = await makeBackupKey(file);
    await makeBackupKey(others);
    expect((await stat(file)).mode & 0o077).toBe(0);
    const saved = await saveBackup({ db: t.db, folder, clock, recipient });
    for (const name of await readdir(folder)) {
      expect(name).toMatch(/\.age$/u);
      const bytes = await readFile(join(folder, name));
      expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
      expect(bytes.includes('payer:held') || bytes.includes('oddities')).toBe(false);
    }
    await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({ code: 'backup.key-missing' });
    const wrong = { db: into, folder, identity: await readBackupKey(others) };
    await expect(restoreBackup(wrong)).rejects.toMatchObject({ code: 'backup.key-wrong' });
    const identity = await readBackupKey(file);
    // The drill: read whole and counted, without a database.
    expect(await checkBackup({ folder, identity })).toEqual(saved);
    expect(await namesIn(into)).toEqual([]);
    expect(await restoreBackup({ db: into, folder, identity })).toEqual(saved);
    expect(await contents(into)).toEqual(await contents(t.db));
    await expect(readBackupKey(join(folder, 'manifest.json.age'))).rejects.toMatchObject({
      code: 'backup.key-wrong',
    });
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -200)],
    ['cut at the end of a chunk', (bytes: Buffer) => bytes.subarray(0, headerOf(bytes) + 65_552)],
    ['with two chunks the other way round', swapped],
    [
      'with a byte that is another',
      (bytes: Buffer) => {
        const other = Buffer.from(bytes);
        other.writeUInt8(other.readUInt8(other.length >> 1) ^ 1, other.length >> 1);
        return other;
      },
    ],
  ])('that was encrypted and is %s is not restored, not even in part', async (_, change) => {
    const file = join(folder, '../key');
    await saveBackup({ db: t.db, folder, clock, recipient: await makeBackupKey(file) });
    const path = `${documentsPath(folder, 'incompressible')}.age`;
    const bytes = await readFile(path);
    expect(bytes.length).toBeGreaterThan(3 * 65_552);
    await writeFile(path, change(bytes));
    const init = { folder, identity: await readBackupKey(file) };
    await expect(checkBackup(init)).rejects.toMatchObject({ code: 'backup.changed' });
    await expect(restoreBackup({ db: into, ...init })).rejects.toMatchObject({ code: 'backup.changed' });
    expect(await namesIn(into)).toEqual([]);
  });

  it('that somebody else made does not pass for ours, encrypted to our key or not at all', async () => {
    const [file, keys] = [join(folder, '../key'), Buffer.alloc(32, 7)];
    const recipient = await makeBackupKey(file);
    const identity = await readBackupKey(file);
    await saveBackup({ db: t.db, folder, clock, recipient, keys: Buffer.alloc(32, 8) });
    await expect(restoreBackup({ db: into, folder, identity, keys })).rejects.toMatchObject({
      code: 'backup.forged',
    });
    await rm(folder, { recursive: true });
    await saveBackup({ db: t.db, folder, clock, keys });
    await expect(restoreBackup({ db: into, folder, identity, keys })).rejects.toMatchObject({
      code: 'backup.plain',
    });
    expect((await restoreBackup({ db: into, folder, keys })).seal).toMatch(/^[\w-]{43}$/u);
    const path = join(folder, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"at": "20/u, '"at": "19'));
    await expect(checkBackup({ folder, keys })).rejects.toMatchObject({ code: 'backup.forged' });
  });

  it('whose ledger does not come to what it should is found by reading it', async () => {
    await save();
    const path = join(folder, 'manifest.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"account": "payer:held"', '"account": "payer:hold"'));
    await expect(checkBackup({ folder })).rejects.toMatchObject({ code: 'backup.uneven' });
  });

  it('that was cut off is none', async () => {
    await save();
    await rm(join(folder, 'manifest.json'));
    await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({ code: 'backup.not-whole' });
  });

  it('reads of one moment where the database can, which the connection’s own level would not', async (test) => {
    await needsSessions(test, t.db);
    const asked: unknown[] = [];
    const hear = ({ commandName, command }: mongo.CommandStartedEvent): void => {
      const { find, readConcern } = command as { find: unknown; readConcern?: { level: string } };
      if (commandName === 'find' && readConcern?.level === 'snapshot') asked.push(find);
    };
    t.db.getClient().on('commandStarted', hear);
    await save();
    t.db.getClient().off('commandStarted', hear);
    // The engine here says that it can and cannot: what asks for it is the question whether it can.
    expect(asked.length).toBeGreaterThan(0);
  });

  it('is none where a document was written meanwhile and the database has no snapshots', async () => {
    // It is written while the orders are read.
    const writing = t.db.collection('orders');
    const read = writing.find.bind(writing);
    let wrote = false;
    writing.find = ((...given: Parameters<typeof read>) => {
      if (!wrote) {
        wrote = true;
        void t.db.collection('marks').insertOne({ at: new Date(0) });
      }
      return read(...given);
    }) as typeof read;
    try {
      await expect(save()).rejects.toMatchObject({ code: 'backup.moved' });
      await expect(restoreBackup({ db: into, folder })).rejects.toMatchObject({ code: 'backup.not-whole' });
    } finally {
      writing.find = read;
      await t.db.collection('marks').drop();
    }
  });
});

/** Where an age file's header ends: after its MAC line, and the nonce of 16 bytes. */
function headerOf(bytes: Buffer): number {
  return bytes.indexOf('\n', bytes.indexOf('\n--- ') + 1) + 1 + 16;
}

function swapped(bytes: Buffer): Buffer {
  const [at, size] = [headerOf(bytes), 65_552];
  const [first, second] = [bytes.subarray(at, at + size), bytes.subarray(at + size, at + 2 * size)];
  return Buffer.concat([bytes.subarray(0, at), second, first, bytes.subarray(at + 2 * size)]);
}
