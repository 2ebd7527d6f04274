import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '@bianmin/card/node/is-alive';
import { keeperPid } from '@bianmin/card/node/kept-child';

const LOOK_MS = 50;

/** Files of this process: one with our own number may be left from another life of that number. */
const held = new Set<string>();

export type Lock = { readonly release: () => Promise<void> } | { readonly holder: number };

/**
 * Takes a file that says who has something, or tells whose it is. One whose process is gone is taken over, once all that
 * it left behind is ended, too (`spawnKept`).
 */
export async function takePidFile(path: string): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Whole or not at all: no process may read a file that is still empty.
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, `${process.pid} ${keeperPid() ?? ''}`);
  try {
    for (;;) {
      if (await linked(own, path)) {
        held.add(path);
        return {
          release: async () => {
            held.delete(path);
            await rm(path, { force: true });
          },
        };
      }
      const [holder = 0, keeper = 0] = (await readFile(path, 'utf8').catch(() => '')).split(' ').map(Number);
      if (holder === process.pid ? held.has(path) : isAlive(holder)) return { holder };
      while (keeper !== keeperPid() && isAlive(keeper)) await sleep(LOOK_MS);
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
