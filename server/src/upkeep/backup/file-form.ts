import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { BackupError } from './error.ts';

/** Ends the name of an encrypted file: `age -d -i KEYFILE` opens it, too. */
const ENDING = '.age';
const OWNER_ALONE = 0o600;

/** How a backup's files are written and read. */
export interface FileForm {
  /** Of a file that would have this path as it is. */
  path(plain: string): string;
  write(plain: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  /** Its content; throws, or fails on the way, where it is not whole. */
  read(plain: string): Promise<Readable>;
}

/** As they are: for a folder that is encrypted itself. */
export const PLAIN: FileForm = {
  path: (plain) => plain,
  write: (plain, content) => written(plain, Readable.from(content)),
  read: (plain) => Promise.resolve(createReadStream(plain)),
};

/**
 * Encrypted to whom has the secret half of a key (the age format: X25519, then ChaCha20-Poly1305 in chunks whose order and end are
 * part of what is checked). Who makes backups cannot read them.
 */
export function encryptedTo(recipient: string): FileForm {
  return {
    path: (plain) => plain + ENDING,
    async write(plain, content) {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      const clear = Readable.toWeb(Readable.from(content)) as ReadableStream<Uint8Array>;
      const sealed = await encrypter.encrypt(clear as never);
      await written(plain + ENDING, Readable.fromWeb(sealed as unknown as ReadableStream));
    },
    read: () => Promise.reject(new Error('It is encrypted, and only its key reads it.')),
  };
}

/** Read by the secret half. Throws `backup.key-wrong` where it is another key's. */
export function decryptedBy(identity: string): FileForm {
  return {
    path: (plain) => plain + ENDING,
    write: () => Promise.reject(new Error('A secret half reads backups and writes none.')),
    async read(plain) {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      const sealed = Readable.toWeb(createReadStream(plain + ENDING)) as ReadableStream<Uint8Array>;
      const clear = await decrypter.decrypt(sealed as never).catch((cause: unknown) => {
        throw isNoSuchFile(cause)
          ? cause
          : new BackupError({
              code: 'backup.key-wrong',
              message: 'This key does not open this backup. Name the file of the key that it was made for.',
              cause,
            });
      });
      return Readable.fromWeb(clear as unknown as ReadableStream);
    },
  };
}

/** A new key: its secret half goes into a file of its owner's alone, its public half is given. Throws where the file is there. */
export async function makeBackupKey(file: string): Promise<string> {
  const identity = await generateX25519Identity();
  await writeFile(file, `${identity}\n`, { mode: OWNER_ALONE, flag: 'wx' });
  return identityToRecipient(identity);
}

/** The secret half in a file, as `makeBackupKey` or `age-keygen` wrote it. */
export async function readBackupKey(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
  const identity = lines.find((line) => line.startsWith('AGE-SECRET-KEY-1'));
  if (identity !== undefined) return identity;
  throw new BackupError({
    code: 'backup.key-wrong',
    message: `${file} holds no key of backups. Name the file that "npm run backup -- key" made.`,
  });
}

async function written(path: string, content: Readable): Promise<void> {
  await pipeline(content, createWriteStream(path, { mode: OWNER_ALONE, flush: true }));
}

function isNoSuchFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
