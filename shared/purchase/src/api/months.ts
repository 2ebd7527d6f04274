import { z } from 'zod';
import { day, month } from './books.ts';
import { timestamp } from './scalars.ts';

/** What is in the way of closing a month. */
export const MONTH_OBSTACLES = [
  'month-before-open',
  'not-over',
  'days-not-compared',
  'days-stale',
  'ledger-unsound',
  'cases-open',
] as const;
const obstacle = z.object({
  what: z.enum(MONTH_OBSTACLES),
  /** Those that were not compared, or must be compared again. */
  days: z.array(day),
  /** Of what is open. */
  caseIds: z.array(z.string()),
});
export type MonthObstacle = z.infer<typeof obstacle>;

/** A month of China's calendar. */
export const monthView = z.object({
  month,
  /** `compared`: nothing is in the way of closing it. `closing`: two persons did, and its sums are being taken. */
  state: z.enum(['open', 'compared', 'closing', 'closed']),
  inTheWay: z.array(obstacle),
  /** Who asked for it and who allowed it. */
  closedBy: z.array(z.string()),
  /** What comes for it since then is late. */
  since: timestamp.nullable(),
  closedAt: timestamp.nullable(),
  /** Over month and sums. */
  digest: z.string().nullable(),
});
export type MonthView = z.infer<typeof monthView>;
export const monthList = z.object({ months: z.array(monthView) });

/** Sums are there once it is closed: by account, debits above zero. */
export const monthDetail = monthView.extend({
  sums: z.array(z.object({ account: z.string(), fen: z.int() })),
});
export type MonthDetail = z.infer<typeof monthDetail>;

export const monthParam = z.strictObject({ month });
export const closeMonthRequest = z.strictObject({ reason: z.string().min(3).max(500) });
