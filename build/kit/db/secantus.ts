import { existsSync } from 'node:fs';
import { cacheFolder } from '../process/cache.ts';
import type { Engine } from './engine.ts';

/**
 * SecantusDB's Rust server: WiredTiger behind MongoDB's wire protocol. GPL-2.0, so it is run as a process of
 * its own and is neither linked nor shipped. Without `--sync-on-commit` it lost 211 of 9,179 acknowledged
 * writes over five kills, with it none of 5,761 (docs/decisions/0001-embedded-database.md).
 */
export const secantus: Engine = {
  name: 'secantusd-rs',
  durable: true,
  note: 'built by npm run db:build',
  prepare(dir) {
    const command = cacheFolder('secantus', 'bin', 'secantusd-rs');
    if (!existsSync(command)) {
      return Promise.resolve({ absent: 'secantusd-rs is not built (npm run db:build, about 8 minutes)' });
    }
    return Promise.resolve({
      program: {
        command,
        args: [
          ...['--host', '127.0.0.1', '--port', '0', '--storage-path', dir, '--sync-on-commit'],
          // The defaults, 4 GB and 128 MB, are for a machine that does nothing else.
          ...['--cache-size', '512M', '--log-file-max', '32MB', '--log-level', 'WARNING'],
        ],
        // No configuration of the user's own may change what we measure.
        cwd: dir,
        // It goes on serving after its library's panic, and has acknowledged what it did not keep; mongod ends itself.
        deadly: /WT_PANIC/,
        ready: /listening on ([\d.]+:\d+)/,
      },
      uri: (match: RegExpExecArray) => `mongodb://${match[1] ?? ''}/?directConnection=true`,
    });
  },
};
