import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** Reads keys from a file, or makes them there: its folder 0700, the file 0600. */
export async function loadOrCreate<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  generate: () => z.output<Schema>,
): Promise<z.output<Schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(`The wallet's keys in ${path} cannot be used. Delete that file to get new ones.`, {
        cause: error,
      });
    }
  }
  const keys = generate();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, path);
  return keys;
}
