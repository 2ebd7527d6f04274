import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAKETIME } from '../../bootstrap/needs.mjs';
import type { Env } from '../../run/dev/parts.ts';

/** Whether clocks can be moved here; says so where they cannot. */
export function clocksMove(report: (line: string) => void): boolean {
  if (existsSync(FAKETIME)) return true;
  report('Clocks stay right: there is no libfaketime here.');
  return false;
}

/** A process of the server's own; those of the second node are there where there are two. */
export type ServerPart = 'web' | 'web-2' | 'worker' | 'worker-2';

/** What makes a process look into its own file for how far off its clock is; its monotonic clock stays the machine's. */
export async function ownClock(dir: string, whom: ServerPart): Promise<Env> {
  await setClock(dir, whom, 0);
  return {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: clockPath(dir, whom),
    FAKETIME_CACHE_DURATION: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
}

/** Moves its clock by so many ms; 0: right again. */
export async function setClock(dir: string, whom: ServerPart, byMs: number): Promise<void> {
  const seconds = Math.round(Math.abs(byMs) / 1000);
  await writeFile(clockPath(dir, whom), `${byMs < 0 ? '-' : '+'}${seconds}\n`);
}

const clockPath = (dir: string, whom: ServerPart): string => join(dir, `${whom}.clock`);
