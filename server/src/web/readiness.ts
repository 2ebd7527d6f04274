import type { Deps } from '../config/deps.ts';
import { pingDatabase } from '../adapters/mongo/connection.ts';

/** Whether this process can serve: asked of database and Redis, and "no" once the shutdown has begun. */
export class Readiness {
  readonly #deps: Pick<Deps, 'db' | 'redis'>;
  #draining = false;

  constructor(deps: Pick<Deps, 'db' | 'redis'>) {
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
    const [database, redis] = await Promise.allSettled([
      pingDatabase(this.#deps.db),
      this.#deps.redis.ping(),
    ]);
    if (database.status === 'rejected') return 'the database does not answer';
    return redis.status === 'rejected' ? 'Redis does not answer' : undefined;
  };
}
