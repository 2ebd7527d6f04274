import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@bianmin/card/node/free-port';
import { startProgram } from './child.ts';

export interface RunningService {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A database for tests: `MONGODB_URI` if it is set, else the SecantusDB server that `npm run db:build` puts
 * into the user's cache, else `mongod` on the PATH. Its data lie in a temporary folder and go with it.
 */
export async function startDatabase(): Promise<RunningService> {
  const given = process.env['MONGODB_URI'];
  if (given !== undefined && given !== '') return { url: given, close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-db-'));
  const { url, stop } = await startEngine(folder);
  return {
    url,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startEngine(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const secantus = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'bianmin/secantus/bin/secantusd-rs',
  );
  if (existsSync(secantus)) {
    const { match, stop } = await startProgram({
      command: secantus,
      args: ['--port', '0', '--storage-path', folder, '--cache-size', '256M', '--log-file-max', '16MB'],
      ready: /listening on ([\d.]+:\d+)/,
    });
    return { url: `mongodb://${match[1] ?? ''}/`, stop };
  }
  const port = await freePort();
  const { stop } = await startProgram({
    command: 'mongod',
    args: ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'],
    ready: /Waiting for connections/,
  });
  return { url: `mongodb://127.0.0.1:${port}/`, stop };
}
