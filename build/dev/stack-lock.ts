import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const LOCK_FILE = 'running.pid';

/** Folders locked by this process: a file with our own number may be left from another life of that number. */
const held = new Set<string>();

/**
 * Keeps a second stack off a folder that a living one uses: two databases on one set of files destroy it. Gives
 * the function that lets go. A lock whose process is gone is taken over.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, LOCK_FILE);
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      held.add(path);
      return async () => {
        held.delete(path);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
      if (pid === process.pid ? held.has(path) : isAlive(pid)) {
        throw new Error(
          `Bianmin runs on ${dir} already (process ${pid}). Stop it, or give another folder with --data.`,
          { cause: error },
        );
      }
      await rm(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
