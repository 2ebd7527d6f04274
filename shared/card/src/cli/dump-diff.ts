import type { Dump } from './dump-form.ts';

/** A run of bytes that differ, as masked hex. */
export interface ChangedRun {
  readonly offset: number;
  readonly a: string;
  readonly b: string;
}

export interface ZoneDiff {
  readonly zone: string;
  /** Whether the zone is in one dump alone, or could be read in one alone. */
  readonly only?: 'a' | 'b';
  readonly runs: readonly ChangedRun[];
}

export interface DumpDiff {
  readonly sameChip: boolean;
  readonly sameAtr: boolean;
  readonly tries: readonly { readonly code: string; readonly a: number | null; readonly b: number | null }[];
  readonly zones: readonly ZoneDiff[];
}

/** What is not the same in two dumps, by zone in the order of the first. Bytes hidden in both count as the same. */
export function diffDumps(a: Dump, b: Dump): DumpDiff {
  const names = [...new Set([...a.zones, ...b.zones].map(({ zone }) => zone))];
  const zones = names.flatMap((zone): ZoneDiff[] => {
    const [inA, inB] = [a, b].map((dump) => dump.zones.find((each) => each.zone === zone)?.data);
    if (inA === undefined && inB === undefined) return [];
    if (inA === undefined) return [{ zone, only: 'b', runs: [] }];
    if (inB === undefined) return [{ zone, only: 'a', runs: [] }];
    const runs = changedRuns(inA, inB);
    return runs.length === 0 ? [] : [{ zone, runs }];
  });
  const codes = [...new Set([...a.tries, ...b.tries].map(({ code }) => code))];
  const leftIn = (dump: Dump, code: string): number | null =>
    dump.tries.flatMap((each) => (each.code === code && 'left' in each ? [each.left] : []))[0] ?? null;
  const tries = codes
    .map((code) => ({ code, a: leftIn(a, code), b: leftIn(b, code) }))
    .filter((each) => each.a !== each.b);
  return { sameChip: a.chip === b.chip, sameAtr: a.atr === b.atr, tries, zones };
}

/** Whether the dumps are of the same chip with the same bytes. */
export function isSame(diff: DumpDiff): boolean {
  return diff.sameChip && diff.sameAtr && diff.tries.length === 0 && diff.zones.length === 0;
}

/** Runs in which two masked hex texts differ; where one is longer, the rest of it is one run. */
export function changedRuns(a: string, b: string): ChangedRun[] {
  const runs: ChangedRun[] = [];
  const count = Math.max(a.length, b.length) / 2;
  let start: number | undefined;
  for (let i = 0; i <= count; i++) {
    const differs = i < count && a.slice(2 * i, 2 * i + 2) !== b.slice(2 * i, 2 * i + 2);
    if (differs) start ??= i;
    else if (start !== undefined) {
      runs.push({ offset: start, a: a.slice(2 * start, 2 * i), b: b.slice(2 * start, 2 * i) });
      start = undefined;
    }
  }
  return runs;
}
