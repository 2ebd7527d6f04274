import { join } from 'node:path';
import { InUseError } from './in-use.ts';
import { takePidFile } from './pid-file.ts';

export const LOCK_FILE = 'running.pid';

/**
 * Keeps a second stack off a folder that a living one uses: two databases on one set of files destroy it. Gives
 * the function that lets go. A lock whose process is gone is taken over.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const lock = await takePidFile(join(dir, LOCK_FILE));
  if ('release' in lock) return lock.release;
  throw new InUseError(
    `Bianmin is already running on ${dir} (process ${lock.holder}). Stop it, or name another folder with --data.`,
  );
}
