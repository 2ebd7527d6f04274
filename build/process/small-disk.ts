import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Large ones first, so that it is quick, and then whatever is left. */
const CHUNKS = [new Uint8Array(1 << 20), new Uint8Array(4096)];

/** A disk of its own, to be filled up. */
export interface SmallDisk {
  readonly dir: string;
  /** Until not one more byte goes on it. */
  fill(): Promise<void>;
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
    fill: async () => {
      const file = await open(ballast, 'a');
      try {
        for (const chunk of CHUNKS) await writeUntilFull(file, chunk);
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

async function writeUntilFull(file: FileHandle, chunk: Uint8Array): Promise<void> {
  try {
    while ((await file.write(chunk)).bytesWritten === chunk.length);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
