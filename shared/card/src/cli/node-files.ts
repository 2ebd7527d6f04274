import { open, readFile, rename, unlink } from 'node:fs/promises';
import { CliError } from './error.ts';
import type { Files } from './io.ts';

/** The machine's own files. */
export const nodeFiles: Files = {
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw failed(path, cause);
    }
  },
  async write(path, text) {
    const beside = `${path}.${process.pid}.tmp`;
    try {
      const file = await open(beside, 'w', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    } catch (cause) {
      await unlink(beside).catch(() => undefined);
      throw failed(path, cause);
    }
  },
  async remove(path) {
    try {
      await unlink(path);
    } catch (cause) {
      if (!isMissing(cause)) throw failed(path, cause);
    }
  },
};

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function failed(path: string, cause: unknown): CliError {
  return new CliError({
    code: 'cli.file',
    message: `The file ${path} cannot be read or written; check its name and rights.`,
    cause,
    context: { path },
  });
}
