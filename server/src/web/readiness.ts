import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { pingDatabase } from '../adapters/mongo/connection.ts';

interface ReadinessDeps {
  readonly db: Connection;
  readonly redis: Redis;
  readonly marks?: Redis;
}

/** Whether this process can serve: asked of database and Redis, and "no" once the shutdown has begun. */
export class Readiness {
  readonly #deps: ReadinessDeps;
  #draining = false;

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
  }

  /** From now on the proxy is told to send nothing more here. */
  drain(): void {
    this.#draining = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Names what is missing, or undefined. */
  readonly notReady = async (): Promise<string | undefined> => {
    if (this.#draining) return 'the process is shutting down';
    const { db, redis: cache, marks = cache } = this.#deps;
    const [database, redis] = await Promise.allSettled([
      pingDatabase(db),
      Promise.all([cache.ping(), marks === cache || marks.ping()]),
    ]);
    if (database.status === 'rejected') return 'the database does not answer';
    return redis.status === 'rejected' ? 'Redis does not answer' : undefined;
  };
}
