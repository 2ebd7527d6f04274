import { mkdir } from 'node:fs/promises';
import { findCommand } from '../bootstrap/machine.mjs';
import { freePort } from '@bianmin/card/node/free-port';
import type { UseOfGiven } from './db/given.ts';
import { Program } from './process/program.ts';

export interface RunningRedis {
  readonly url: string;
  /** One line for people. */
  readonly note: string;
  readonly program?: Program;
  close(): Promise<void>;
}

export interface RedisInit {
  readonly dir?: string;
  readonly role?: 'cache';
  /** What becomes of `REDIS_URL`; absent: it is another's. */
  readonly given?: UseOfGiven;
  /** Told of a start that takes long. */
  readonly progress?: (line: string) => void;
  /** Ends it where it is not ready yet. */
  readonly signal?: AbortSignal;
}

/**
 * A Redis of our own on a free port; `as-is`, the one of `REDIS_URL` where it names one. Strict about memory as the queues need it
 * (`noeviction`), or as the cache beside them: then what would end soonest makes room. With `dir` it keeps an append-only
 * file there; without, nothing is written.
 */
export async function openRedis(init: RedisInit = {}): Promise<RunningRedis> {
  const given = process.env['REDIS_URL'];
  const asIs = init.given === 'as-is';
  if (asIs && given !== undefined && given !== '') {
    return { url: given, note: 'REDIS_URL, as given', close: () => Promise.resolve() };
  }
  const command = findCommand('redis-server');
  if (command === undefined) {
    throw new Error(
      `There is no redis-server. Install it (Debian: redis-server)${asIs ? ' or set REDIS_URL' : ''}.`,
    );
  }
  if (init.dir !== undefined) await mkdir(init.dir, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const { program } = await Program.start({
    name: 'redis-server',
    command,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', ''],
      ...(init.role === 'cache'
        ? ['--maxmemory', '256mb', '--maxmemory-policy', 'volatile-ttl']
        : ['--maxmemory-policy', 'noeviction']),
      ...(init.dir === undefined ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--dir', init.dir]),
    ],
    ready: /Ready to accept connections/,
    ...(init.progress === undefined ? {} : { progress: init.progress }),
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  });
  const note = init.dir === undefined ? 'redis-server, nothing on disk' : 'redis-server, append-only file';
  return { url: `redis://127.0.0.1:${port}`, note, program, close: () => program.stop() };
}
