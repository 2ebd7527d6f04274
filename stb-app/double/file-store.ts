import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shelf } from '@bianmin/purchase/android/shell';
import type { ShellStore } from './shell-model.ts';

/** The shell's store in a folder: a value is there whole or not at all. */
export class FileStore implements ShellStore {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async list(shelf: Shelf): Promise<string[]> {
    const names = await readdir(join(this.#dir, shelf)).catch(() => []);
    return names.filter((name) => !name.endsWith('.tmp'));
  }

  async get(shelf: Shelf, name: string): Promise<string | undefined> {
    return readFile(this.#path(shelf, name), 'utf8').catch(() => undefined);
  }

  async put(shelf: Shelf, name: string, value: string): Promise<void> {
    const path = this.#path(shelf, name);
    await mkdir(join(this.#dir, shelf), { recursive: true });
    const file = await open(`${path}.tmp`, 'w', 0o600);
    try {
      await file.writeFile(value);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.tmp`, path);
  }

  async remove(shelf: Shelf, name: string): Promise<void> {
    await rm(this.#path(shelf, name), { force: true });
  }

  #path(shelf: Shelf, name: string): string {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) throw new Error('Not a name.');
    return join(this.#dir, shelf, name);
  }
}
