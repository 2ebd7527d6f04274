import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupError } from './error.ts';

const FILE = 'manifest.json';

const backupManifest = z.strictObject({
  format: z.literal(1),
  at: z.iso.datetime(),
  /** All of it is of the moment at which it began; else nothing was written from then until its end. */
  snapshot: z.boolean(),
  collections: z.array(
    z.strictObject({
      name: z.string().regex(/^[\w-]+(?:\.[\w-]+)*$/),
      documents: z.int().min(0),
      /** Of the documents, bytes before compression. */
      bytes: z.int().min(0),
      /** Of the same, hex. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  /** The ledger's trial balance, by account: what a restored one must come to. */
  balance: z.array(z.strictObject({ account: z.string(), fen: z.int() })),
});
export type BackupManifest = z.infer<typeof backupManifest>;

export const manifestPath = (folder: string): string => join(folder, FILE);
/** As mongodump names them, so that mongorestore --gzip reads the folder, too. */
export const documentsPath = (folder: string, collection: string): string =>
  join(folder, `${collection}.bson.gz`);
export const indexesPath = (folder: string, collection: string): string =>
  join(folder, `${collection}.metadata.json.gz`);

/** Written last: a folder without it was cut off. Throws `backup.not-whole`. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  try {
    return backupManifest.parse(JSON.parse(await readFile(manifestPath(folder), 'utf8')));
  } catch (error) {
    throw new BackupError({
      code: 'backup.not-whole',
      message: `${folder} is not a complete backup: its ${FILE} is missing or damaged. Use another one.`,
      cause: error,
    });
  }
}
