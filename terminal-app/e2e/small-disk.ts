import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHUNK = new Uint8Array(4096);

/** A disk of a megabyte of its own, to be filled up. */
export interface SmallDisk {
  readonly dir: string;
  /** Until not one more byte goes on it. */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined where this user may not mount one. */
export async function smallDisk(): Promise<SmallDisk | undefined> {
  if (process.platform !== 'linux') return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
  } catch {
    await rm(dir, { recursive: true });
    return undefined;
  }
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fill: async () => {
      const file = await open(ballast, 'a');
      try {
        for (;;) await file.write(CHUNK);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        await file.close();
      }
    },
    makeRoom: () => rm(ballast, { force: true }),
    close: async () => {
      await run('umount', [dir]);
      await rm(dir, { recursive: true });
    },
  };
}
