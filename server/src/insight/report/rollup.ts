import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { addCounts, type Counts, type Sums } from './counts.ts';
import { movementsOf, type CountedOrder } from './movements.ts';
import { takeOver } from './take-over.ts';
import { terminalKey, TerminalSet } from './terminal-sums.ts';

export const GRAINS = ['day', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** What counts are split by within a rollup. `terminal` only in a day's of the organisation that a terminal stands in. */
export const DIMENSIONS = ['entry', 'chip', 'channel', 'terminal', 'hour'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

type Split<T> = { readonly [D in Dimension]?: Readonly<Record<string, T>> };

/** Which rollup: the counts of an organisation with all below it, in a day or a month. */
export interface RollupKey {
  readonly grain: Grain;
  /** YYYY-MM-DD or YYYY-MM. */
  readonly period: string;
  readonly org: string;
  /** From the province down to `org`. */
  readonly path: readonly string[];
}

/** One rollup. `hour` is of days alone. */
export interface Rollup extends RollupKey, Split<Counts> {
  readonly all: Counts;
}

/** A rollup that is being made, or what is to be added to one. */
export interface RollupSums extends RollupKey {
  readonly all: Sums;
  readonly split: Record<Dimension, Map<string, Sums>>;
}

export const rollupId = ({ grain, period, org }: Pick<RollupKey, 'grain' | 'period' | 'org'>): string =>
  `${grain}:${period}:${org}`;

/** Rollups by what is counted of some orders. */
export class RollupSet {
  /** Months and years of single terminals. */
  readonly terminals = new TerminalSet();
  readonly #sums = new Map<string, RollupSums>();

  /** What the events of an order after the given one add; all of them where none is given. */
  add(order: CountedOrder, after = 0): void {
    const path = order.orgPath ?? PROVINCE_PATH;
    const leaf = path.at(-1);
    const terminal = terminalKey(order.terminalId);
    for (const { n, day, hour, counts, channel } of movementsOf(order)) {
      if (n <= after) continue;
      for (const [depth, org] of path.entries()) {
        for (const grain of GRAINS) {
          const period = grain === 'day' ? day : day.slice(0, 7);
          const sums = this.#of({ grain, period, org, path: path.slice(0, depth + 1) });
          addCounts(sums.all, counts);
          split(sums, 'entry', order.entry, counts);
          split(sums, 'chip', order.chip, counts);
          if (channel !== undefined) split(sums, 'channel', channel.name, channel.counts);
          if (grain !== 'day') continue;
          if (org === leaf) split(sums, 'terminal', terminal, counts);
          split(sums, 'hour', hour, counts);
        }
      }
      this.terminals.add({ terminal, path, day, counts });
    }
  }

  /** Takes out those that nothing is added to any more: of periods that ended before this day. */
  takeBefore(day: string): RollupSums[] {
    return takeOver(this.#sums, day);
  }

  takeAll(): RollupSums[] {
    return takeOver(this.#sums);
  }

  #of(key: RollupKey): RollupSums {
    const id = rollupId(key);
    const known = this.#sums.get(id);
    if (known !== undefined) return known;
    const made: RollupSums = {
      ...key,
      all: {},
      split: { entry: new Map(), chip: new Map(), channel: new Map(), terminal: new Map(), hour: new Map() },
    };
    this.#sums.set(id, made);
    return made;
  }
}

function split(sums: RollupSums, by: Dimension, value: string, counts: Counts): void {
  const known = sums.split[by].get(value);
  if (known !== undefined) addCounts(known, counts);
  else sums.split[by].set(value, { ...counts });
}

/** As it is stored where nothing of it is there yet. */
export function rollupOf({ split: by, ...sums }: RollupSums): Rollup {
  const splits = DIMENSIONS.filter((dimension) => by[dimension].size > 0).map(
    (dimension) => [dimension, Object.fromEntries(by[dimension])] as const,
  );
  return { ...sums, ...Object.fromEntries(splits) };
}

/** As an update adds it: paths of fields with what each grows by. */
export function incrementsOf(sums: RollupSums): Record<string, number> {
  const increments: Record<string, number> = {};
  const put = (at: string, counts: Counts): void => {
    for (const [name, value] of Object.entries(counts) as [string, number][]) {
      if (value !== 0) increments[`${at}.${name}`] = value;
    }
  };
  put('all', sums.all);
  for (const dimension of DIMENSIONS) {
    for (const [value, counts] of sums.split[dimension]) put(`${dimension}.${value}`, counts);
  }
  return increments;
}
