/** Upper ends of the classes of time from card to meter, s; the last class has none. */
export const TIME_BOUNDS_S = [15, 30, 45, 60, 90, 120, 180, 300, 600, 1800] as const;

/**
 * What is counted. An order counts on the day on which it was made, whatever came later, so that a day's rates are of the
 * same orders; a refund counts on the day on which the money was back. docs/statistics.md says what each means.
 */
export const COUNTS = [
  'orders',
  'faceFen',
  'discountFen',
  'paid',
  'paidFen',
  'credited',
  'inMeter',
  'meterRefused',
  'failed',
  'abandoned',
  'refunds',
  'refundFen',
  ...Array.from({ length: TIME_BOUNDS_S.length + 1 }, (_, at) => `t${at}` as const),
] as const;
export type Count = (typeof COUNTS)[number];

/** Absent is zero. */
export type Counts = Readonly<Partial<Record<Count, number>>>;
/** Sums that are being made. */
export type Sums = Partial<Record<Count, number>>;

export function addCounts(to: Sums, counts: Counts): void {
  for (const key in counts) {
    const name = key as Count;
    to[name] = (to[name] ?? 0) + (counts[name] ?? 0);
  }
}

/** Whether both say the same: a zero is as good as nothing. */
export function sameCounts(one: Counts, other: Counts): boolean {
  return COUNTS.every((name) => (one[name] ?? 0) === (other[name] ?? 0));
}

/** The class that so many ms from card to meter fall into. */
export function timeClass(ms: number): Count {
  const at = TIME_BOUNDS_S.findIndex((bound) => ms <= bound * 1000);
  return `t${at < 0 ? TIME_BOUNDS_S.length : at}`;
}

/**
 * A percentile of the times in s, from their classes: within a class they are taken to be spread evenly. null of none;
 * beyond the last bound it is that bound, and `open` says so.
 */
export function timePercentile(counts: Counts, share: number): { seconds: number; open: boolean } | null {
  const classes = Array.from({ length: TIME_BOUNDS_S.length + 1 }, (_, at) => counts[`t${at}`] ?? 0);
  const all = classes.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let left = share * all;
  for (const [at, count] of classes.entries()) {
    const [from, to] = [TIME_BOUNDS_S[at - 1] ?? 0, TIME_BOUNDS_S[at]];
    if (to === undefined) return { seconds: from, open: true };
    if (count > 0 && left <= count)
      return { seconds: Math.round(from + ((to - from) * left) / count), open: false };
    left -= count;
  }
  return null;
}
