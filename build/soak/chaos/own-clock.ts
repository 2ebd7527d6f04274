import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAKETIME } from '../../bootstrap/needs.mjs';
import type { Env } from '../../dev/parts.ts';
import type { ServerPart } from './troubles.ts';

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
