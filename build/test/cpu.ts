import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a run's workers leave what processor time their files took. */
export const CPU_FOLDER = 'BIANMIN_TEST_CPU_FOLDER';
/** Of `/proc/*\/stat`, on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Processor time that this thread has taken, in seconds; undefined where the system does not tell. */
export function threadSeconds(): number | undefined {
  return secondsIn('/proc/thread-self/stat', [11, 12]);
}

/** Processor time of all processes that this one began and that have ended, in seconds. */
export function childrenSeconds(): number | undefined {
  return secondsIn('/proc/self/stat', [13, 14]);
}

/** The sum of two of the numbers after the name, which may hold anything but ends with the last bracket. */
function secondsIn(path: string, fields: readonly [number, number]): number | undefined {
  try {
    const stat = readFileSync(path, 'utf8');
    const numbers = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(numbers[fields[0]]) + Number(numbers[fields[1]])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** A worker's word for a file of tests. Files run in several workers; each has a file of its own. */
export function keepCpu(folder: string, file: string, seconds: number): void {
  appendFileSync(join(folder, `${randomUUID()}.cpu`), JSON.stringify({ file, seconds }));
}

/** Processor seconds by file of tests. */
export async function readCpu(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpu'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(
    texts.map((text) => {
      const { file, seconds } = JSON.parse(text) as { file: string; seconds: number };
      return [file, seconds];
    }),
  );
}
