import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadedBy } from '../../../kit/import-graph.ts';
import { importedPath } from '../../../kit/imported-path.mjs';

interface Source {
  readonly digest: string;
  /** Paths from the root. */
  readonly imports: readonly string[];
}

/** Which of the project's own files a program is made of, and whether one of them is another than it was. */
export class Imports {
  readonly #root: string;
  readonly #sources = new Map<string, Source>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Itself and all that it imports: paths from the root. One that is missing is among them. */
  async of(main: string): Promise<ReadonlySet<string>> {
    const all = new Set([main]);
    // A set gives what is added to it while it is walked.
    for (const path of all) {
      for (const next of (await this.#source(path)).imports) all.add(next);
    }
    return all;
  }

  /** Looks at a file again: whether it says something else than before. One that is gone is about to be written. */
  async changed(path: string): Promise<boolean> {
    const before = this.#sources.get(path)?.digest;
    const now = await this.#read(path);
    if (now === undefined || now.digest === before) return false;
    this.#sources.set(path, now);
    return true;
  }

  async #source(path: string): Promise<Source> {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const read = (await this.#read(path)) ?? { digest: '', imports: [] };
    this.#sources.set(path, read);
    return read;
  }

  async #read(path: string): Promise<Source | undefined> {
    const text = await readFile(join(this.#root, path), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    return {
      digest: createHash('sha256').update(text).digest('hex'),
      imports: loadedBy(text).flatMap((source) => importedPath(path, source) ?? []),
    };
  }
}
