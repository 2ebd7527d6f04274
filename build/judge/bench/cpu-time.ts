import { readFile } from 'node:fs/promises';

/** Clock ticks a second of /proc: 100 on every Linux that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** CPU time of a process so far, ms; undefined where there is no such process or no /proc. */
export async function cpuMsOf(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in brackets can hold anything; utime and stime are the 12th and 13th fields after it (proc(5)).
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** CPU time by name so far; those that cannot be asked are left out. */
export async function cpuMsByName(
  pids: Readonly<Record<string, number | undefined>>,
): Promise<Readonly<Record<string, number>>> {
  const asked = await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => [name, await cpuMsOf(pid)] as const),
  );
  return Object.fromEntries(asked.filter((entry): entry is [string, number] => entry[1] !== undefined));
}
