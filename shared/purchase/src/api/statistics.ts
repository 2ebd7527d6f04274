import { z } from 'zod';
import { orgId, orgNames } from './org.ts';
import { timestamp } from './scalars.ts';

/** Sums of many orders: more than one order's `fen` holds. May fall again where a sale is undone. */
const sum = z.int();
const seconds = z.object({ seconds: z.int(), open: z.boolean() }).nullable();

/** What is counted of some orders; docs/statistics.md says what each means. */
export const statisticsCounts = z.object({
  orders: sum,
  faceFen: sum,
  discountFen: sum,
  paid: sum,
  paidFen: sum,
  credited: sum,
  /** Of these, what the meter itself is known to have, and what it refused and has not taken since. */
  inMeter: sum,
  meterRefused: sum,
  failed: sum,
  abandoned: sum,
  refunds: sum,
  refundFen: sum,
  /** Credited orders by time from card to meter; the classes' upper ends are `timeBoundsSeconds`. */
  times: z.array(sum),
  /** Credited of paid; null of none. */
  successPercent: z.number().nullable(),
  /** Read from the classes; `open`: it is longer than the last bound, which it then is. */
  median: seconds,
  p95: seconds,
});
export type StatisticsCounts = z.infer<typeof statisticsCounts>;

export const statisticsPoint = z.object({
  /** YYYY-MM, YYYY-MM-DD, or an hour of two digits. */
  period: z.string(),
  counts: statisticsCounts,
});
export type StatisticsPoint = z.infer<typeof statisticsPoint>;

export const STATISTICS_VIEWS = ['year', 'month', 'day'] as const;
export const STATISTICS_DIMENSIONS = ['none', 'org', 'terminal', 'entry', 'chip', 'channel'] as const;
export type StatisticsView = (typeof STATISTICS_VIEWS)[number];
export type StatisticsDimension = (typeof STATISTICS_DIMENSIONS)[number];

const at = z.string().regex(/^20\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/, {
  error: 'must be YYYY, YYYY-MM or YYYY-MM-DD',
});

/** `at` says which year, month or day, by its length. */
export const statisticsQuery = z.strictObject({
  at,
  by: z.enum(STATISTICS_DIMENSIONS).default('none'),
  /** Of this organisation with all below it; absent: the caller's own. */
  org: orgId.optional(),
});
export const statisticsSeries = z.object({
  view: z.enum(STATISTICS_VIEWS),
  at: z.string(),
  org: z.string(),
  timeBoundsSeconds: z.array(z.int()),
  total: statisticsCounts,
  /** Every month of the year, day of the month, or hour of the day. */
  points: z.array(statisticsPoint),
  /** The year, month or day before, as far as this one has come. */
  before: z.object({ at: z.string(), total: statisticsCounts, points: z.array(statisticsPoint) }),
  /** By the dimension; the largest first. */
  parts: z.array(
    z.object({
      /** A way in, a chip, a channel, an organisation's or a terminal's id; `phone` for residents' own phones. */
      value: z.string(),
      names: orgNames.nullable(),
      cell: z.tuple([z.int(), z.int()]).nullable(),
      total: statisticsCounts,
      /** Of `before`. */
      before: statisticsCounts,
    }),
  ),
});
export type StatisticsSeries = z.infer<typeof statisticsSeries>;

export const dashboardQuery = z.strictObject({ org: orgId.optional() });
/** How many orders wait for something; at most `WAITING_MOST` are counted. */
export const WAITING_MOST = 1000;
const waiting = z.int().min(0).max(WAITING_MOST);
export const statisticsDashboard = z.object({
  org: z.string(),
  /** Today in China. */
  day: z.string(),
  today: statisticsCounts,
  /** Full hours only, so that like is compared with like: the first hour that is not in it. */
  sameTime: z.object({
    beforeHour: z.int().min(0).max(24),
    today: statisticsCounts,
    yesterday: statisticsCounts,
    weekBefore: statisticsCounts,
  }),
  hours: z.object({
    today: z.array(statisticsPoint),
    yesterday: z.array(statisticsPoint),
  }),
  /** The last thirty days, today among them. */
  days: z.array(statisticsPoint),
  entries: z.record(z.string(), statisticsCounts),
  channels: z.record(z.string(), statisticsCounts),
  waiting: z.object({
    attention: waiting,
    gridSilent: waiting,
    writeFailed: waiting,
    creditFailed: waiting,
    refunding: waiting,
  }),
  timeBoundsSeconds: z.array(z.int()),
});
export type StatisticsDashboard = z.infer<typeof statisticsDashboard>;

export const statisticsState = z.object({
  /** Up to when orders are counted. */
  countedTo: timestamp,
  rebuiltAt: timestamp.nullable(),
  rebuildAskedAt: timestamp.nullable(),
  checkAskedAt: timestamp.nullable(),
  /** The last check. */
  check: z
    .object({
      at: timestamp,
      orders: z.int(),
      rollups: z.int(),
      equal: z.boolean(),
      differences: z.array(
        z.object({ rollup: z.string(), of: z.string(), count: z.string(), stored: z.int(), orders: z.int() }),
      ),
    })
    .nullable(),
});
