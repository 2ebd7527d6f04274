import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { launchPage } from './entrance.ts';

const digests = z.array(z.string().regex(/^[0-9a-f]{64}$/));

/**
 * What the loopback shell leaves in the data folder, readable by this user only: the address with its one-time
 * token for what starts the browser (`kiosk.url`, and `kiosk.html` that goes there), and the digests of the
 * sessions that it gave.
 */
export class ShellFiles {
  readonly #folder: string;
  readonly #onFault: (where: string, error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, onFault: (where: string, error: unknown) => void) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  /** None where there is no file of ours: then each page signs in anew. */
  async sessions(): Promise<readonly string[]> {
    try {
      return digests.parse(JSON.parse(await readFile(join(this.#folder, 'sessions.json'), 'utf8')));
    } catch {
      return [];
    }
  }

  keepSessions(sessions: readonly string[]): void {
    this.#write({ 'sessions.json': JSON.stringify(sessions) });
  }

  leaveAddress(url: string): void {
    this.#write({ 'kiosk.url': `${url}\n`, 'kiosk.html': launchPage(url) });
  }

  /** Resolves when all is written. */
  idle(): Promise<void> {
    return this.#writing;
  }

  #write(files: Readonly<Record<string, string>>): void {
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        for (const [name, text] of Object.entries(files)) {
          const path = join(this.#folder, name);
          await writeFile(`${path}.new`, text, { mode: 0o600 });
          await rename(`${path}.new`, path);
        }
      })
      .catch((error: unknown) => {
        this.#onFault('shell.files', error);
      });
  }
}
