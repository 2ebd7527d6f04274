import { execFile } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Large pieces first, so that it takes few turns also where much else is done, and then whatever is left. */
const PIECES = [1 << 26, 1 << 20, 1 << 12];

/** A disk of its own, to be filled up. */
export interface SmallDisk {
  readonly dir: string;
  /** Until not one more byte goes on it. */
  fill(): void;
  makeRoom(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined where this user may not mount one. */
export async function smallDisk({ megabytes = 1 } = {}): Promise<SmallDisk | undefined> {
  if (process.platform !== 'linux') return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]);
  } catch {
    await rm(dir, { recursive: true });
    return undefined;
  }
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fill: () => {
      const file = openSync(ballast, 'a');
      try {
        for (const size of PIECES) writeUntilFull(file, new Uint8Array(size));
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rm(ballast, { force: true }),
    close: async () => {
      // At once, also where a database that was just ended still has a file open there for a moment.
      await run('umount', ['--lazy', dir]);
      await rm(dir, { recursive: true });
    },
  };
}

function writeUntilFull(file: number, piece: Uint8Array): void {
  try {
    while (writeSync(file, piece) === piece.length);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
