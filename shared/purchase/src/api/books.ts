import { z } from 'zod';
import { channel, fen, timestamp, words } from './scalars.ts';

/** A day in China's calendar. */
export const day = z.iso.date();
/** Of this century, as all of ours are. */
export const month = z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/, { error: 'must be YYYY-MM' });
const dayState = z.enum(['none', 'running', 'waiting', 'failed', 'done']);

export const reconciliationQuery = z.strictObject({ month });
export const dayParam = z.strictObject({ day });
/** One day of the calendar. */
export const reconciledDay = z.object({
  day,
  state: dayState,
  /** Why it is not done, or could not be run again; a problem code. */
  why: z.string().nullable(),
  /** The day before was run again since. */
  stale: z.boolean(),
  /** Cases by kind. */
  counts: z.record(z.string(), z.int()),
  /** Sources that have no bills, so that the day says nothing of them: `channel:bestpay`, `grid:agent-string`. */
  notCompared: z.array(z.string()),
  /** Differences that wait for the next day's bills. */
  held: z.int(),
});
export type ReconciledDayView = z.infer<typeof reconciledDay>;
export const reconciliationCalendar = z.object({ days: z.array(reconciledDay) });
export const reconciledDayDetail = reconciledDay.extend({
  sources: z.array(
    z.object({ source: z.string(), sha256: z.string(), totals: z.record(z.string(), z.number()) }),
  ),
  caseIds: z.array(z.string()),
  /**
   * Each account beside the papers when the day was run last, or beside the `orders` where there is no paper; a case
   * where something is unexplained.
   */
  accounts: z.array(
    z.object({
      account: z.string(),
      against: z.enum(['channel-bill', 'grid-bill', 'meters', 'rest', 'orders', 'accruals']),
      ledgerFen: z.int(),
      outsideFen: z.int(),
      differenceFen: z.int(),
      /** What neither midnight nor another case of the day explains. */
      unexplainedFen: z.int(),
    }),
  ),
  history: z.array(
    z.object({
      at: timestamp,
      by: z.string(),
      state: dayState,
      why: z.string().nullable(),
      sources: z.array(z.string()),
      notCompared: z.array(z.string()),
      differences: z.int(),
    }),
  ),
});
/** At most a quarter at once. */
export const runRequest = z
  .strictObject({ first: day, last: day })
  .refine(({ first, last }) => first <= last && Date.parse(last) - Date.parse(first) <= 92 * 86_400_000, {
    error: 'must be days in their order, at most 93',
  });
export const runResponse = z.object({
  counts: z.record(z.string(), z.int()),
  /** As of the days. */
  notCompared: z.array(z.string()),
});

/** How a difference is to be settled; with what goes from one account to another, if something does. */
export const settlementRequest = z.strictObject({
  text: z.string().min(3).max(1000),
  adjustment: z
    .strictObject({ debit: z.string().max(64), credit: z.string().max(64), fen: fen.min(1) })
    .optional(),
});

/** Money that only a bill tells of is to go back; why, for the second person. */
export const foundRefundRequest = z.strictObject({ text: z.string().min(3).max(1000) });

export const format = z.enum(['xlsx', 'pdf']).default('xlsx');
export type BillFormat = z.infer<typeof format>;
/** As administrators named it when they placed a terminal. */
export const community = words(1, 60);
export const gridBillQuery = z.strictObject({ day, format });
export const channelBillQuery = z.strictObject({ channel, month, format });
export const communityBillQuery = z.strictObject({ community, month, format });
export const householdBillQuery = z.strictObject({ meterNo: z.string().regex(/^\d{12}$/), month, format });
