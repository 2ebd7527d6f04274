import { tmpdir } from 'node:os';
import { freePort } from '@bianmin/card/node/free-port';
import { Redis } from 'ioredis';
import { startProgram } from './child.ts';
import type { RunningService } from './database.ts';

/** Where vitest's global setup (`build/test/services.ts`) leaves the address of the one Redis that all test files share. */
export const SHARED_REDIS = 'BIANMIN_TEST_REDIS_URL';
/** Of the shared Redis: more than a run has test files, so that each has one of its own. */
const DATABASES = 4096;
const NEXT_DATABASE = 'test:next-database';

/** What the Redis that all share refuses: a test that set its memory would be a failure of whatever else runs (`OOM`). */
export const ONE_FOR_ALL = ['--rename-command', 'CONFIG', ''] as const;

/** A Redis of its own, nothing on disk; as strict about memory as the queues need (`noeviction`), unless `more` says otherwise. */
export async function startRedis(more: readonly string[] = []): Promise<RunningService> {
  const port = await freePort();
  const { stop } = await startProgram({
    command: 'redis-server',
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      ...['--maxmemory-policy', 'noeviction', '--databases', String(DATABASES)],
      // A replica, too: what it is sent goes straight into its memory.
      ...['--dir', tmpdir(), '--repl-diskless-load', 'swapdb'],
      ...more,
    ],
    ready: /Ready to accept connections/,
  });
  return { url: `redis://127.0.0.1:${port}`, close: stop };
}

/**
 * An empty database of the run's Redis that no other test has, or a Redis of its own where there is no run. A key
 * prefix would not do: BullMQ takes none, and a test may empty what it has (`flushdb`).
 */
export async function openTestRedis(): Promise<RunningService> {
  const shared = process.env[SHARED_REDIS];
  if (shared === undefined) return startRedis();
  const counter = new Redis(shared);
  const number = await counter.incr(NEXT_DATABASE);
  counter.disconnect();
  const url = `${shared}/${1 + (number % (DATABASES - 1))}`;
  return {
    url,
    async close() {
      const own = new Redis(url);
      await own.flushdb();
      own.disconnect();
    },
  };
}
