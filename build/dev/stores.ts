import { join } from 'node:path';
import { openDatabase, type Database } from '../db/open.ts';
import { openRedis, type RunningRedis } from '../redis.ts';

/** The stack's database and Redis. */
export class Stores {
  readonly #init: { readonly dir?: string; readonly durable?: boolean };
  readonly #report: (line: string) => void;
  #database: Promise<Database> | undefined;
  #redis: Promise<RunningRedis> | undefined;

  /** Without `dir` in `init` nothing has to outlive the stack. */
  constructor(init: { readonly dir?: string; readonly durable?: boolean }, report: (line: string) => void) {
    this.#init = init;
    this.#report = report;
  }

  async open(dir: string): Promise<{ database: Database; redis: RunningRedis }> {
    const kept = this.#init.dir !== undefined;
    const durable = this.#init.durable ?? false;
    this.#database = openDatabase({ dir: join(dir, 'db'), durable, progress: this.#report });
    this.#redis = openRedis(kept ? { dir: join(dir, 'redis') } : {});
    const [database, redis] = await Promise.all([this.#database, this.#redis]);
    this.#report(`database  ${database.note}`);
    this.#report(`redis     ${redis.url} (${redis.note})`);
    return { database, redis };
  }

  /** What was opened, and what is still opening. */
  async close(): Promise<void> {
    const open = [this.#database, this.#redis].filter((store) => store !== undefined);
    await Promise.all(
      // One that failed to open has nothing to close, and whoever opened it heard of it.
      open.map((store) =>
        store.then(
          (opened) => opened.close(),
          () => undefined,
        ),
      ),
    );
  }
}
