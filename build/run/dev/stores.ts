import { join } from 'node:path';
import type { UseOfGiven } from '../../kit/db/given.ts';
import { openDatabase, type Database } from '../../kit/db/open.ts';
import { openRedis, type RunningRedis } from '../../kit/redis.ts';

interface StoresInit {
  readonly dir?: string;
  readonly durable?: boolean;
  /** As a province has it: a Redis for the queues, and one for what may be lost. */
  readonly twoNodes?: boolean;
  /** What becomes of `MONGODB_URI` and `REDIS_URL`; absent: `own-name`. */
  readonly given?: UseOfGiven;
}

/** What the stack keeps its world in. Without two nodes `cache` is the Redis of the queues. */
export interface OpenStores {
  readonly database: Database;
  readonly redis: RunningRedis;
  readonly cache: RunningRedis;
}

/** The stack's database and Redis. */
export class Stores {
  readonly #init: StoresInit;
  readonly #report: (line: string) => void;
  readonly #closing = new AbortController();
  #database: Promise<Database> | undefined;
  #redis: Promise<RunningRedis> | undefined;
  #cache: Promise<RunningRedis> | undefined;

  /** Without `dir` in `init` nothing has to outlive the stack. */
  constructor(init: StoresInit, report: (line: string) => void) {
    this.#init = init;
    this.#report = report;
  }

  async open(dir: string): Promise<OpenStores> {
    const kept = this.#init.dir !== undefined;
    const durable = this.#init.durable ?? false;
    const { given = 'own-name' } = this.#init;
    const each = { given, progress: this.#report, signal: this.#closing.signal };
    this.#database = openDatabase({ dir: join(dir, 'db'), durable, ...each });
    this.#redis = openRedis({ ...(kept ? { dir: join(dir, 'redis') } : {}), ...each });
    this.#cache = this.#init.twoNodes === true ? openRedis({ role: 'cache', ...each }) : undefined;
    const [database, redis, cache] = await Promise.all([this.#database, this.#redis, this.#cache]);
    this.#report(`database  ${database.note}`);
    this.#report(`redis     ${redis.url} (${redis.note})`);
    if (cache !== undefined) this.#report(`cache     ${cache.url} (${cache.note})`);
    return { database, redis, cache: cache ?? redis };
  }

  /** What was opened, and what is still opening. */
  async close(): Promise<void> {
    this.#closing.abort();
    const open = [this.#database, this.#redis, this.#cache].filter((store) => store !== undefined);
    await Promise.all(
      // One that failed to open has nothing to close, and its opener got the error.
      open.map((store) =>
        store.then(
          (opened) => opened.close(),
          () => undefined,
        ),
      ),
    );
  }
}
