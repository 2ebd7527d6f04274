import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { mongo, type Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { KeySource } from '../../kernel/key-ring.ts';
import { addLegs, type Posting } from '../../money/ledger/posting.ts';
import { collectionNames } from '../../adapters/mongo/connection.ts';
import { LEDGER, balanceOf } from './balance.ts';
import { BackupError } from './error.ts';
import { encryptedTo, PLAIN, type FileForm } from './file-form.ts';
import { documentsPath, indexesPath, manifestPath, sealed, type BackupManifest } from './manifest.ts';

const zipped = promisify(gzip);
const AT_ONCE = 1_000;
/** Of a backup itself, for a moment. */
const PROBE = 'backupprobes';
/** What reads everything says so, to an operator who looks at what the database is busy with. */
export const BACKUP = 'bianmin backup';

export interface SaveInit {
  readonly db: Connection;
  /** Made here, or empty. */
  readonly folder: string;
  readonly clock: Clock;
  /** Whom its files are encrypted to (`age1…`); absent: they are not. */
  readonly recipient?: string | undefined;
  /** What it is sealed with, so that nobody else's passes for it; absent: it has no seal. */
  readonly keys?: KeySource | undefined;
}

/**
 * Writes every collection and its indexes into a folder, readable by its owner alone, in mongodump's form, encrypted where a
 * recipient is named. On a replica set it is of one moment, whatever is written meanwhile; elsewhere nothing may be written. Throws `backup.folder-used`,
 * `backup.moved` and `backup.snapshot-gone`.
 */
export async function saveBackup({ db, folder, clock, recipient, keys }: SaveInit): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new BackupError({
      code: 'backup.folder-used',
      message: `${folder} is not empty. Name a folder that is empty or does not exist.`,
    });
  }
  const at = new Date(clock.now()).toISOString();
  const form = recipient === undefined ? PLAIN : encryptedTo(recipient);
  const session = await snapshotOf(db);
  const snapshot = session !== undefined;
  try {
    const before = snapshot ? '' : await stirrings(db);
    const collections = [];
    const sums = new Map<string, number>();
    for (const name of await namesIn(db))
      collections.push(await saveOne({ db, folder, name, session, sums, form }));
    if (!snapshot && (await stirrings(db)) !== before) {
      throw new BackupError({
        code: 'backup.moved',
        message:
          'The database was written to meanwhile. Stop web and workers, then take another backup; a replica set needs no stop.',
      });
    }
    const bare: BackupManifest = { format: 1, at, snapshot, collections, balance: balanceOf(sums) };
    const manifest = keys === undefined ? bare : sealed(bare, keys);
    await form.write(manifestPath(folder), [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
    return manifest;
  } catch (error) {
    throw snapshot && isSnapshotGone(error) ? snapshotGone(error) : error;
  } finally {
    await session?.endSession();
  }
}

/** MongoDB's SnapshotUnavailable and SnapshotTooOld. */
const GONE = [246, 239];

function isSnapshotGone(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && GONE.includes(Number(error.code));
}

function snapshotGone(cause: unknown): BackupError {
  return new BackupError({
    code: 'backup.snapshot-gone',
    message:
      'The backup took longer than the database keeps a moment of the past. Raise its minSnapshotHistoryWindowInSeconds above what a backup takes, then take another one.',
    cause,
  });
}

async function saveOne(of: {
  db: Connection;
  folder: string;
  name: string;
  session: mongo.ClientSession | undefined;
  /** What the ledger's accounts come to, as its postings pass by. */
  sums: Map<string, number>;
  form: FileForm;
}): Promise<BackupManifest['collections'][number]> {
  const { db, folder, name, session, sums, form } = of;
  const collection = db.collection(name);
  const indexes = await collection.indexes();
  const metadata = { indexes, collectionName: name, type: 'collection' };
  await form.write(indexesPath(folder, name), [await zipped(JSON.stringify(metadata))]);
  const hash = createHash('sha256');
  let [documents, bytes] = [0, 0];
  async function* raw(): AsyncGenerator<Uint8Array> {
    const found = collection.find(
      {},
      { raw: true, batchSize: AT_ONCE, comment: BACKUP, ...(session && ofMoment(session)) },
    );
    for await (const document of found) {
      // With `raw` the driver gives BSON as it came, and its types do not say so.
      const one = document as unknown as Uint8Array;
      hash.update(one);
      documents += 1;
      bytes += one.byteLength;
      if (name === LEDGER) addLegs(sums, (mongo.BSON.deserialize(one) as Pick<Posting, 'legs'>).legs);
      yield one;
    }
  }
  await form.write(documentsPath(folder, name), compressed(raw()));
  return { name, documents, bytes, sha256: hash.digest('hex') };
}

/** What fails on the way fails in who reads its end. */
function compressed(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const packed = createGzip();
  pipeline(Readable.from(content), packed, () => undefined);
  return packed;
}

/** Of what is saved, sorted. */
export async function namesIn(db: Connection): Promise<string[]> {
  return (await collectionNames(db)).filter((name) => name !== PROBE);
}

/** The session alone would read what most members have: the connection's own level goes before the session's. */
function ofMoment(session: mongo.ClientSession): Pick<mongo.FindOptions, 'session' | 'readConcern'> {
  return { session, readConcern: new mongo.ReadConcern('snapshot') };
}

/**
 * A session in which all that is read is of one moment; undefined where there is none. There are databases that say that they
 * have one and do not: it counts only where a document that is written after its beginning is not seen in it.
 */
async function snapshotOf(db: Connection): Promise<mongo.ClientSession | undefined> {
  const probe = db.collection(PROBE);
  await probe.drop().catch(() => false);
  // There before the moment: of a collection that is younger, older servers refuse to say anything.
  await probe.insertOne({ at: new Date(0) });
  const session = await db.startSession({ snapshot: true });
  const seen = async (): Promise<number> =>
    (await probe.find({}, { ...ofMoment(session), comment: BACKUP }).toArray()).length;
  try {
    const before = await seen();
    await probe.insertOne({ at: new Date(0) });
    if (before === 1 && (await seen()) === 1) return session;
  } catch {
    // It has no snapshots, or no sessions at all.
  } finally {
    await probe.drop().catch(() => false);
  }
  await session.endSession();
  return undefined;
}

/** What is another as soon as anybody works: how many documents there are, and the order that changed last. */
async function stirrings(db: Connection): Promise<string> {
  const counts = [];
  for (const name of await namesIn(db))
    counts.push([name, await db.collection(name).countDocuments({}, { comment: BACKUP })]);
  const [last] = await db
    .collection('orders')
    .find({}, { projection: { updatedAt: 1 } })
    .sort({ updatedAt: -1 })
    .limit(1)
    .toArray();
  return JSON.stringify([counts, last]);
}
