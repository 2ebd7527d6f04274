import { open, rm, statfs } from 'node:fs/promises';
import { arch, availableParallelism, freemem, loadavg, platform, release, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { SupportSystem } from '../../api/support.ts';

const MB = 1_000_000;
const TRIAL = '.support-trial.tmp';
const TRIAL_BYTES = 4_096;

/** The machine that this program runs on, and the disk that a folder is on. `tries`: whether a small write is tried there. */
export async function systemFacts(
  folder: string,
  { tries }: { readonly tries: boolean },
): Promise<SupportSystem> {
  return {
    platform: `${platform()} ${release()} ${arch()}`.slice(0, 64),
    node: process.version,
    cpus: availableParallelism(),
    load: loadavg()[0] ?? 0,
    memoryMb: { free: mb(freemem()), total: mb(totalmem()) },
    uptimeS: Math.floor(uptime()),
    processMb: mb(process.memoryUsage.rss()),
    disk: await roomOf(folder),
    writeFault: tries ? await writeFault(folder) : null,
  };
}

async function roomOf(folder: string): Promise<SupportSystem['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeMb: mb(bavail * bsize), totalMb: mb(blocks * bsize) };
  } catch {
    return null;
  }
}

/** The system's code of what keeps a small write from being durable. */
async function writeFault(folder: string): Promise<string | null> {
  const path = join(folder, TRIAL);
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(new Uint8Array(TRIAL_BYTES));
      await file.sync();
    } finally {
      await file.close();
    }
    return null;
  } catch (error) {
    return systemCodeOf(error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** `ENOSPC`, `CERT_HAS_EXPIRED`; `failed` where an error has none. */
export function systemCodeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z\d_]{2,60}$/u.test(code) ? code : 'failed';
}

function mb(bytes: number): number {
  return Math.floor(bytes / MB);
}
