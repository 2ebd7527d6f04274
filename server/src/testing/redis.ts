import { freePort } from '@bianmin/shared/node/free-port';
import { startProgram } from './child.ts';
import type { RunningService } from './database.ts';

/** A Redis of its own, nothing on disk, as strict about memory as the queues need (`noeviction`). */
export async function startRedis(): Promise<RunningService> {
  const port = await freePort();
  const { stop } = await startProgram({
    command: 'redis-server',
    args: [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'noeviction',
    ],
    ready: /Ready to accept connections/,
  });
  return { url: `redis://127.0.0.1:${port}`, close: stop };
}
