import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chinaDay } from '../../kernel/china-time.ts';
import { BackupError } from './error.ts';
import type { BackupManifest } from './manifest.ts';
import { saveBackup, type SaveInit } from './save.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** All of two days, one a day for two weeks, one a week for a quarter. */
const ALL_MS = 2 * DAY_MS;
const DAILY_MS = 14 * DAY_MS;
const WEEKLY_MS = 13 * 7 * DAY_MS;
/** Nobody is at work on one that was begun so long ago. */
const CUT_OFF_MS = DAY_MS;

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** Begins the folder of one that is being made. */
const MAKING = '.making-';

/** `folder`: that of the series. */
export type SeriesInit = SaveInit;

export interface SavedInSeries {
  /** Its folder within the series, `20261201T074600Z`. */
  readonly name: string;
  readonly manifest: BackupManifest;
  /** Former ones that went. */
  readonly dropped: readonly string[];
}

/**
 * Makes the next backup of a series, in a folder named by its time, and then lets former ones go that are one too many. One that
 * is cut off never looks like one that is whole. Throws as `saveBackup`.
 */
export async function saveNext(init: SeriesInit): Promise<SavedInSeries> {
  const { folder, clock } = init;
  const now = new Date(clock.now());
  const name = nameOf(now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await dropCutOff(folder, now);
  const making = join(folder, `${MAKING}${name}`);
  let manifest: BackupManifest;
  try {
    manifest = await saveBackup({ ...init, folder: making });
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
  await rename(making, join(folder, name));
  const dropped = spareOf(await namesOfSeries(folder), now);
  for (const each of dropped) await rm(join(folder, each), { recursive: true });
  return { name, manifest, dropped };
}

/** Backups of a series, oldest first; what else lies in its folder is not ours. */
export async function namesOfSeries(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => timeOf(name) !== undefined).toSorted();
}

/** The newest. Throws `backup.none`. */
export async function newestOf(folder: string): Promise<string> {
  const newest = (await namesOfSeries(folder).catch(() => [])).at(-1);
  if (newest !== undefined) return newest;
  throw new BackupError({
    code: 'backup.none',
    message: `There is no backup in ${folder}. Name the folder that "backup -- series" writes to.`,
  });
}

/** When the next is due, ms from now; 0 where it is, or there is none. */
export async function dueInMs(
  folder: string,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): Promise<number> {
  const newest = (await namesOfSeries(folder).catch(() => [])).at(-1);
  const last = newest === undefined ? undefined : timeOf(newest);
  return last === undefined ? 0 : Math.min(everyMs, Math.max(0, last.getTime() + everyMs - now));
}

/** Which may go: never the newest, and of each day and week its first stays. */
export function spareOf(names: readonly string[], now: Date): string[] {
  const newest = names.at(-1);
  const seen = new Set<string>();
  return names.filter((name) => {
    const at = timeOf(name);
    if (at === undefined || name === newest) return false;
    const age = now.getTime() - at.getTime();
    if (age <= ALL_MS) return false;
    const span = spanOf(at, age);
    if (span === undefined || seen.has(span)) return true;
    seen.add(span);
    return false;
  });
}

/** The day or the week of which one stays; undefined where none does. */
function spanOf(at: Date, age: number): string | undefined {
  const day = chinaDay(at);
  if (age <= DAILY_MS) return day;
  if (age > WEEKLY_MS) return undefined;
  return `week ${Math.floor(Date.parse(`${day}T00:00:00Z`) / (7 * DAY_MS))}`;
}

export function nameOf(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** When a backup of this name was begun; undefined where it is none. */
export function timeOf(name: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  if (year === undefined) return undefined;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

async function dropCutOff(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const at = name.startsWith(MAKING) ? timeOf(name.slice(MAKING.length)) : undefined;
    if (at === undefined || now.getTime() - at.getTime() < CUT_OFF_MS) continue;
    await rm(join(folder, name), { recursive: true });
  }
}
