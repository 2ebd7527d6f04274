import type { Bench } from './bench.ts';

/** What a place asks for. */
export interface Place {
  readonly name: string;
  readonly households: number;
  /** Share of them that buys on the day that counts. */
  readonly buyToday: number;
  readonly terminals: number;
}

/** CPU time by process, ms, as `bench orders` and `bench fleet` measured it; docs/figures.md says when and how. */
export interface Costs {
  readonly order: Readonly<Record<string, number>>;
  readonly beat: Readonly<Record<string, number>>;
  /** A terminal's next key for beats, with the access token that it asks for it with. */
  readonly key: Readonly<Record<string, number>>;
}

export interface ScaleRow {
  readonly bench: 'scale';
  readonly place: string;
  readonly load: 'orders' | 'beats' | 'keys';
  readonly perSecond: number;
  /** Cores that are busy all the time, by process. */
  readonly busyCores: Readonly<Record<string, number>>;
}

/** Of a day's orders, those of its busiest hour. */
const PEAK_HOUR = 0.2;
const HEARTBEAT_S = 60;
/** Nine tenths of a key's half hour. */
const KEY_S = 1620;

const COSTS: Costs = {
  order: { web: 29, worker: 9, database: 10 },
  beat: { web: 0.085, redis: 0.013 },
  key: { web: 2.2, database: 0.4 },
};

const PLACES: readonly Place[] = [
  // 2020: 2.82 million households, 412,000 orders in the year.
  { name: 'the province, a usual day', households: 2_820_000, buyToday: 1 / 30, terminals: 120_000 },
  // Three times a usual day's: an assumption, no source has it.
  {
    name: 'the province, last day of a winter month',
    households: 3_500_000,
    buyToday: 0.1,
    terminals: 120_000,
  },
  // The seventh census counts 494 million family households; terminals in the province's proportion.
  { name: 'a country, that same day', households: 494_000_000, buyToday: 0.1, terminals: 17_000_000 },
];

/** Requests a second in the busiest hour, and the cores that they keep busy. */
export function scaleRows({ name, households, buyToday, terminals }: Place, costs: Costs): ScaleRow[] {
  const row = (
    load: ScaleRow['load'],
    perSecond: number,
    ms: Readonly<Record<string, number>>,
  ): ScaleRow => ({
    ...{ bench: 'scale', place: name, load, perSecond: rounded(perSecond) },
    busyCores: Object.fromEntries(
      Object.entries(ms).map(([of, each]) => [of, rounded((perSecond * each) / 1000)]),
    ),
  });
  return [
    row('orders', (households * buyToday * PEAK_HOUR) / 3600, costs.order),
    row('beats', terminals / HEARTBEAT_S, costs.beat),
    row('keys', terminals / KEY_S, costs.key),
  ];
}

/** Nothing is measured: per-request costs times load, as docs/scale.md explains them. */
export const benchScale: Bench = () =>
  Promise.resolve({
    rows: PLACES.flatMap((place) => scaleRows(place, COSTS)),
    engine: 'none',
    faults: [],
  });

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
