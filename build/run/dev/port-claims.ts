import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { takePidFile } from './pid-file.ts';

/** Two that start at once would both find a port free: nothing listens on it yet. */
export class PortClaims {
  readonly #releases: (() => Promise<void>)[] = [];

  /** False where another that runs has it, or soon will. */
  async claim(port: number): Promise<boolean> {
    const folder = join(tmpdir(), `bianmin-ports-${userInfo().uid}`);
    const lock = await takePidFile(join(folder, String(port)));
    if (!('release' in lock)) return false;
    this.#releases.push(lock.release);
    return true;
  }

  async release(): Promise<void> {
    await Promise.all(this.#releases.splice(0).map((release) => release()));
  }
}
