import { setImmediate } from 'node:timers/promises';
import type { LineTrouble } from '@bianmin/purchase/api/household-file';
import type { HouseholdKey } from '../desk.ts';
import type { Counts, FileRow } from './file.ts';
import type { ReadLines } from './lines.ts';
import type { Places } from './places.ts';

/** So many digests are made before others have their turn. */
const AT_ONCE = 500;

/** What a part's lines come to. */
export interface PartRows {
  readonly rows: readonly FileRow[];
  /** Lines of households that stand further down in this part again: those count. */
  readonly repeated: number;
  /** By line. */
  readonly troubles: readonly LineTrouble[];
  readonly communities: Counts;
  readonly tags: Counts;
}

/** Households by their digests, one row each: the last that the part says of them. */
export async function rowsOf(
  { read, troubles: before }: ReadLines,
  { places, key, grid }: { readonly places: Places; readonly key: HouseholdKey; readonly grid: string },
): Promise<PartRows> {
  const rows = new Map<string, FileRow>();
  const troubles = [...before];
  let repeated = 0;
  for (const [n, { line, customerNo, organisation, tags }] of read.entries()) {
    if (n % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const place = places.idOf(organisation);
    if ('why' in place) {
      troubles.push({ line, what: place.why });
      continue;
    }
    const former = key.former?.(grid, customerNo) ?? [];
    const row = {
      key: key(grid, customerNo),
      ...(former.length > 0 && { former }),
      community: place.id,
      tags,
    };
    if (rows.has(row.key)) repeated += 1;
    rows.set(row.key, row);
  }
  const all = [...rows.values()];
  return {
    ...{ rows: all, repeated, troubles: troubles.toSorted((a, b) => a.line - b.line) },
    communities: countsOf(all.map(({ community }) => community)),
    tags: countsOf(all.flatMap((row) => row.tags)),
  };
}

function countsOf(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
