import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { StoredWorld } from './stored-world.ts';

/** Changes that come together are written together; nothing waits longer than this, ms. */
const DEBOUNCE_MS = 200;

/**
 * The world in a JSON file, so that a second `npm start` finds the households of the first. Written some time
 * after a change and when the sandbox ends; replaced in one move, so that a crash leaves the old one.
 */
export class StateFile {
  readonly #path: string;
  readonly #world: () => StoredWorld;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, world: () => StoredWorld) {
    this.#path = path;
    this.#world = world;
  }

  /** What an earlier run left, or undefined where there is none. Throws where the file is not one of ours. */
  static load(path: string): StoredWorld | undefined {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    const stored = JSON.parse(text) as Partial<StoredWorld>;
    if (stored.version !== 1)
      throw new Error(`${path} is no state of this sandbox; move it away to start anew.`);
    return stored as StoredWorld;
  }

  changed(): void {
    this.#timer ??= setTimeout(() => this.save(), DEBOUNCE_MS).unref();
  }

  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const draft = `${this.#path}.new`;
    // Card secrets are in it, if only a sandbox's.
    writeFileSync(draft, JSON.stringify(this.#world()), { mode: 0o600 });
    renameSync(draft, this.#path);
  }
}
