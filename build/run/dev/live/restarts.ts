import { watch, type FSWatcher } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Stack } from '../stack-contract.ts';
import { PROGRAMS } from '../part-list.ts';
import { Imports } from './imports.ts';

const ROOT = join(import.meta.dirname, '../../../..');
/** An editor writes a file in several steps, and saves several files at once. */
const QUIET_MS = 100;
/** In the order in which they start again: a developer who changed the server looks at its answer first. */
const FOLLOWED = ['web', 'worker', 'kiosk', 'tv', 'grid', 'wallet'] as const;
export type Followed = (typeof FOLLOWED)[number];

export interface RestartsInit {
  readonly stack: Pick<Stack, 'restart' | 'program'>;
  readonly say: (line: string) => void;
  readonly onRestarted: (part: Followed) => void;
}

/**
 * Starts a process of the stack again when a file that it imports has changed. One that does not start, or that ends by
 * itself, says why, and is tried again at the next change.
 */
export class Restarts {
  readonly #init: RestartsInit;
  readonly #imports = new Imports(ROOT);
  readonly #files = new Map<Followed, ReadonlySet<string>>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #web: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(init: RestartsInit) {
    this.#init = init;
  }

  async start(): Promise<void> {
    for (const part of FOLLOWED) this.#mourn(part);
    await this.#look();
  }

  /** Resolves when web does not start again at the moment, whether it answers or not. */
  webIsUp = (): Promise<void> => this.#web;

  /** Whether it starts that part again. */
  follows(part: string): boolean {
    return FOLLOWED.some((each) => each === part);
  }

  /** Ends no process. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#running;
  }

  /** What each is made of now, and every folder that has some of it. */
  async #look(): Promise<void> {
    for (const part of FOLLOWED) this.#files.set(part, await this.#imports.of(PROGRAMS[part].main));
    if (this.#closed) return;
    const folders = new Set(
      [...this.#files.values()].flatMap((files) => [...files].map((file) => dirname(file))),
    );
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(join(ROOT, folder), (_, name) => {
          if (name !== null) this.#note(`${folder}/${name}`);
        });
        // A folder that is taken away, as when another branch is checked out.
        watcher.on('error', () => {
          watcher.close();
          this.#watchers.delete(folder);
        });
        this.#watchers.set(folder, watcher);
      } catch {
        // An import of a folder that is not there yet: the process says so itself.
      }
    }
  }

  #note(path: string): void {
    if (![...this.#files.values()].some((files) => files.has(path))) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#follow());
    }, QUIET_MS);
  }

  async #follow(): Promise<void> {
    const noted = [...this.#changed];
    this.#changed.clear();
    const changed: string[] = [];
    for (const path of noted) if (await this.#imports.changed(path)) changed.push(path);
    const parts = FOLLOWED.filter((part) => changed.some((path) => this.#files.get(part)?.has(path)));
    if (parts.length === 0) return;
    this.#init.say(`${changed.map(shown).join(', ')} changed: ${parts.join(', ')}`);
    for (const part of parts) {
      const restarting = this.#restart(part);
      if (part === 'web') this.#web = restarting;
      await restarting;
    }
    await this.#look();
  }

  async #restart(part: Followed): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#init.stack.restart(part);
      this.#mourn(part);
      this.#init.onRestarted(part);
    } catch (error) {
      if (this.#closed) return;
      this.#init.say(error instanceof Error ? error.message : String(error));
      this.#init.say(`${part} starts again at the next change.`);
    }
  }

  /** Says so when it ends by itself. */
  #mourn(part: Followed): void {
    const program = this.#init.stack.program(part);
    void program?.exited.then(({ code, signal }) => {
      if (program.stopping || this.#closed) return;
      this.#init.say(
        `${part} ended by itself (${String(signal ?? code)}). Its last words:\n${program.tail()}`,
      );
      this.#init.say(`${part} starts again at the next change.`);
    });
  }
}

const shown = (path: string): string => relative('.', path).split(sep).join('/');
