import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { mongo, type Connection } from 'mongoose';
import { z } from 'zod';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { addLegs, type Posting } from '../../money/ledger/posting.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { balanceOf, differences, LEDGER } from './balance.ts';
import { BackupError } from './error.ts';
import { decryptedBy, PLAIN, type FileForm } from './file-form.ts';
import {
  documentsPath,
  indexesPath,
  isOurs,
  manifestPath,
  readManifest,
  type BackupManifest,
} from './manifest.ts';
import { namesIn } from './save.ts';

const unzipped = promisify(gunzip);
const AT_ONCE = 1_000;
/** Numbers keep the width in which they were stored. */
const AS_STORED = { promoteValues: false, promoteBuffers: false, promoteLongs: false } as const;

const metadata = z.object({
  indexes: z.array(z.looseObject({ key: z.record(z.string(), z.unknown()), name: z.string() })),
});

export interface ReadInit {
  readonly folder: string;
  /** The secret half of the key that it is encrypted to; absent: it is not encrypted. */
  readonly identity?: string | undefined;
  /** What its seal was made with; absent: it is not looked at. */
  readonly keys?: KeySource | undefined;
}

/**
 * Reads a whole backup and compares it with its manifest, and counts the ledger in it; writes nothing. Throws `backup.not-whole`,
 * `backup.changed`, `backup.forged`, `backup.uneven`, and of its encryption `backup.key-missing`, `backup.key-wrong`,
 * `backup.plain`.
 */
export async function checkBackup(init: ReadInit): Promise<BackupManifest> {
  const { manifest, form } = await opened(init);
  const sums = new Map<string, number>();
  for (const each of manifest.collections) await mustBeUnchanged(init.folder, { of: each, form, sums });
  mustBeEven(manifest, balanceOf(sums));
  return manifest;
}

/**
 * Puts a backup into a database that has no documents. Every file is read and compared with the manifest before the first is
 * written; then the ledger's trial balance must be what it was. Throws as `checkBackup`, and `backup.not-empty`.
 */
export async function restoreBackup({
  db,
  ...init
}: ReadInit & { readonly db: Connection }): Promise<BackupManifest> {
  const { folder } = init;
  const { manifest, form } = await opened(init);
  for (const each of manifest.collections) await mustBeUnchanged(folder, { of: each, form });
  await mustBeEmpty(db);
  for (const { name } of manifest.collections) await restoreOne(db, { folder, name, form });
  mustBeEven(manifest, balanceOf(await new LedgerStore(db).turnover()));
  return manifest;
}

/** Throws `backup.not-empty`. */
export async function mustBeEmpty(db: Connection): Promise<void> {
  for (const name of await namesIn(db)) {
    if ((await db.collection(name).countDocuments({}, { limit: 1 })) === 0) continue;
    throw new BackupError({
      code: 'backup.not-empty',
      message: 'The database is not empty, so nothing was written. Restore into an empty one.',
      context: { collection: name },
    });
  }
}

/** Its manifest, and how its files are read. */
async function opened({
  folder,
  identity,
  keys,
}: ReadInit): Promise<{ manifest: BackupManifest; form: FileForm }> {
  const isEncrypted = await access(manifestPath(folder) + '.age').then(
    () => true,
    () => false,
  );
  if (isEncrypted && identity === undefined) {
    throw new BackupError({
      code: 'backup.key-missing',
      message: `${folder} is encrypted. Name the file of its key with --key.`,
    });
  }
  const form = identity === undefined ? PLAIN : decryptedBy(identity);
  if (!isEncrypted && identity !== undefined && (await isPlain(folder))) {
    throw new BackupError({
      code: 'backup.plain',
      message: `${folder} is not encrypted, though a key was named: somebody may have put it there. Use another one.`,
    });
  }
  const manifest = await readManifest(folder, form);
  if (keys !== undefined && !isOurs(manifest, keys)) {
    throw new BackupError({
      code: 'backup.forged',
      message: `${folder} was not sealed by a server with this data key. Use another one; for one from before backups had seals, say --unsealed.`,
    });
  }
  return { manifest, form };
}

async function isPlain(folder: string): Promise<boolean> {
  return access(manifestPath(folder)).then(
    () => true,
    () => false,
  );
}

function mustBeEven(manifest: BackupManifest, balance: BackupManifest['balance']): void {
  const wrong = differences(manifest.balance, balance);
  if (wrong.length === 0) return;
  throw new BackupError({
    code: 'backup.uneven',
    message: `The ledger differs from the one that was saved: ${wrong.join(', ')}. Do not start a server on it; use another backup.`,
  });
}

interface OneFile {
  readonly folder: string;
  readonly name: string;
  readonly form: FileForm;
}

async function restoreOne(db: Connection, file: OneFile): Promise<void> {
  const { folder, name, form } = file;
  const collection = db.collection(name);
  let batch: mongo.Document[] = [];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await collection.insertMany(batch, { ordered: true, writeConcern: DURABLE });
    batch = [];
  };
  for await (const one of documentsIn(file)) {
    batch.push(mongo.BSON.deserialize(one, AS_STORED));
    if (batch.length === AT_ONCE) await write();
  }
  await write();
  const packed: Uint8Array[] = [];
  for await (const chunk of await form.read(indexesPath(folder, name))) packed.push(chunk as Uint8Array);
  const text = await unzipped(Buffer.concat(packed));
  for (const { key, name: called, v: _, ns: __, ...options } of metadata.parse(JSON.parse(text.toString()))
    .indexes) {
    if (called === '_id_') continue;
    await collection.createIndex(key as mongo.IndexSpecification, { ...options, name: called });
  }
}

async function mustBeUnchanged(
  folder: string,
  init: {
    readonly of: BackupManifest['collections'][number];
    readonly form: FileForm;
    /** What the ledger's accounts come to, as its postings pass by. */
    readonly sums?: Map<string, number>;
  },
): Promise<void> {
  const { of, form, sums } = init;
  const hash = createHash('sha256');
  let documents = 0;
  const changed = (cause?: unknown): BackupError =>
    new BackupError({
      code: 'backup.changed',
      message: `${of.name} in ${folder} has changed since it was saved, so nothing was written. Use another backup.`,
      cause,
    });
  try {
    for await (const one of documentsIn({ folder, name: of.name, form })) {
      hash.update(one);
      documents += 1;
      if (sums !== undefined && of.name === LEDGER)
        addLegs(sums, (mongo.BSON.deserialize(one) as Pick<Posting, 'legs'>).legs);
    }
  } catch (error) {
    throw changed(error);
  }
  if (documents !== of.documents || hash.digest('hex') !== of.sha256) throw changed();
}

/** BSON documents one after the other: each begins with its length, four bytes, little-endian (bsonspec.org). */
async function* documentsIn({ folder, name, form }: OneFile): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  const unpacked = createGunzip();
  // What fails on the way fails in the loop that reads its end.
  pipeline(await form.read(documentsPath(folder, name)), unpacked, () => undefined);
  for await (const chunk of unpacked) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      if (length < 5) throw new Error('A document has an impossible length.');
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
  if (rest.length > 0) throw new Error('The last document is cut off.');
}
