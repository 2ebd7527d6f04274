import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { mongo, type Connection } from 'mongoose';
import { z } from 'zod';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { balanceOf, differences } from './balance.ts';
import { BackupError } from './error.ts';
import { documentsPath, indexesPath, readManifest, type BackupManifest } from './manifest.ts';
import { namesIn } from './save.ts';

const unzipped = promisify(gunzip);
const AT_ONCE = 1_000;
/** Numbers keep the width in which they were stored. */
const AS_STORED = { promoteValues: false, promoteBuffers: false, promoteLongs: false } as const;

const metadata = z.object({
  indexes: z.array(z.looseObject({ key: z.record(z.string(), z.unknown()), name: z.string() })),
});

/**
 * Puts a backup into a database that has no documents. Every file is read and compared with the manifest before the first is
 * written; then the ledger's trial balance must be what it was. Throws `backup.not-whole`, `backup.changed`,
 * `backup.not-empty`, `backup.uneven`.
 */
export async function restoreBackup({
  db,
  folder,
}: {
  db: Connection;
  folder: string;
}): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  for (const each of manifest.collections) await mustBeUnchanged(folder, each);
  for (const name of await namesIn(db)) {
    if ((await db.collection(name).countDocuments({}, { limit: 1 })) === 0) continue;
    throw new BackupError({
      code: 'backup.not-empty',
      message: 'The database is not empty, so nothing was written. Restore into an empty one.',
      context: { collection: name },
    });
  }
  for (const { name } of manifest.collections) await restoreOne(db, folder, name);
  const wrong = differences(manifest.balance, balanceOf(await new LedgerStore(db).turnover()));
  if (wrong.length > 0) {
    throw new BackupError({
      code: 'backup.uneven',
      message: `The restored ledger differs from the saved one: ${wrong.join(', ')}. Do not start a server on it; use another backup.`,
    });
  }
  return manifest;
}

async function restoreOne(db: Connection, folder: string, name: string): Promise<void> {
  const collection = db.collection(name);
  let batch: mongo.Document[] = [];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await collection.insertMany(batch, { ordered: true, writeConcern: DURABLE });
    batch = [];
  };
  for await (const one of documentsIn(folder, name)) {
    batch.push(mongo.BSON.deserialize(one, AS_STORED));
    if (batch.length === AT_ONCE) await write();
  }
  await write();
  const text = await unzipped(await readFile(indexesPath(folder, name)));
  for (const { key, name: called, v: _, ns: __, ...options } of metadata.parse(JSON.parse(text.toString()))
    .indexes) {
    if (called === '_id_') continue;
    await collection.createIndex(key as mongo.IndexSpecification, { ...options, name: called });
  }
}

async function mustBeUnchanged(folder: string, of: BackupManifest['collections'][number]): Promise<void> {
  const hash = createHash('sha256');
  let documents = 0;
  const changed = (cause?: unknown): BackupError =>
    new BackupError({
      code: 'backup.changed',
      message: `${of.name} in ${folder} has changed since it was saved, so nothing was written. Use another backup.`,
      cause,
    });
  try {
    for await (const one of documentsIn(folder, of.name)) {
      hash.update(one);
      documents += 1;
    }
  } catch (error) {
    throw changed(error);
  }
  if (documents !== of.documents || hash.digest('hex') !== of.sha256) throw changed();
}

/** BSON documents one after the other: each begins with its length, four bytes, little-endian (bsonspec.org). */
async function* documentsIn(folder: string, name: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  const unpacked = createGunzip();
  // What fails on the way fails in the loop that reads its end.
  pipeline(createReadStream(documentsPath(folder, name)), unpacked, () => undefined);
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
