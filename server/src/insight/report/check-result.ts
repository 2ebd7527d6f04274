import { COUNTS, sameCounts, type Counts } from './counts.ts';

/** A count that is not what the orders say. */
export interface RollupDifference {
  /** `day:2026-11-27:650100`. */
  readonly rollup: string;
  /** `all`, or `entry.kiosk`. */
  readonly of: string;
  readonly count: string;
  readonly stored: number;
  readonly orders: number;
}

export interface RollupCheck {
  readonly orders: number;
  readonly rollups: number;
  /** At most a hundred of them. */
  readonly differences: readonly RollupDifference[];
  readonly equal: boolean;
}

/** What two say differently of the same rollup, by its parts. */
export function differencesOf(
  rollup: string,
  stored: ReadonlyMap<string, Counts>,
  made: ReadonlyMap<string, Counts>,
): RollupDifference[] {
  return [...new Set([...stored.keys(), ...made.keys()])].flatMap((of) => {
    const [one = {}, other = {}] = [stored.get(of), made.get(of)];
    if (sameCounts(one, other)) return [];
    return COUNTS.filter((count) => (one[count] ?? 0) !== (other[count] ?? 0)).map((count) => ({
      ...{ rollup, of, count },
      ...{ stored: one[count] ?? 0, orders: other[count] ?? 0 },
    }));
  });
}
