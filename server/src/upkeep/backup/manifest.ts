import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonical.ts';
import { KeyedDigest } from '../../kernel/keyed-digest.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { BackupError } from './error.ts';
import type { FileForm } from './file-form.ts';

const FILE = 'manifest.json';

const backupManifest = z.strictObject({
  /** 2: with a seal. */
  format: z.union([z.literal(1), z.literal(2)]),
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
  /** Of all the rest, made with the data key: nobody else can make a backup that passes for ours. */
  seal: z.string().optional(),
});
export type BackupManifest = z.infer<typeof backupManifest>;

export const manifestPath = (folder: string): string => join(folder, FILE);
/** As mongodump names them, so that mongorestore --gzip reads the folder, too. */
export const documentsPath = (folder: string, collection: string): string =>
  join(folder, `${collection}.bson.gz`);
export const indexesPath = (folder: string, collection: string): string =>
  join(folder, `${collection}.metadata.json.gz`);

/** With its seal. */
export function sealed(manifest: BackupManifest, keys: KeySource): BackupManifest {
  const whole: BackupManifest = { ...manifest, format: 2 };
  return { ...whole, seal: digestWith(keys).of(canonicalJson(whole)) };
}

/** Whether a server with these keys made it. */
export function isOurs({ seal, ...rest }: BackupManifest, keys: KeySource): boolean {
  return seal !== undefined && digestWith(keys).fits(canonicalJson(rest), seal);
}

function digestWith(keys: KeySource): KeyedDigest {
  return new KeyedDigest(keys, 'bianmin backups', { encoding: 'base64url' });
}

/** Written last: a folder without it was cut off. Throws `backup.not-whole`, and what its form does. */
export async function readManifest(folder: string, form: FileForm): Promise<BackupManifest> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await form.read(manifestPath(folder))) chunks.push(chunk as Uint8Array);
    return backupManifest.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError({
      code: 'backup.not-whole',
      message: `${folder} is not a complete backup: its ${FILE} is missing or damaged. Use another one.`,
      cause: error,
    });
  }
}
