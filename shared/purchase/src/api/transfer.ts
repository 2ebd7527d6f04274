import { z } from 'zod';
import { day, reconciledDay } from './books.ts';
import { timestamp } from './scalars.ts';

const reason = z.string().min(3).max(500);
/** More than one order's `fen` holds. */
const sum = z.int();

/** Ten years: days on which nothing was owed are paid with the next one that owes something. */
export const MOST_TRANSFER_DAYS = 3660;

const sent = {
  /** What the bank sent, which need not be what is owed. */
  fen: z.int().min(1).max(100_000_000_000),
  /** The bank's reference of the transfer. */
  reference: z.string().min(3).max(64),
  /** The day on which it was made, in China. */
  paidOn: day,
  reason,
};

/** A bank transfer to the grid for whole days of sales, which a second person compares and allows. */
export const gridTransferRequest = z
  .strictObject({
    /** The days that it pays, both included. */
    from: day,
    to: day,
    ...sent,
  })
  .refine(
    ({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < MOST_TRANSFER_DAYS * 86_400_000,
    { error: `must be days in their order, at most ${MOST_TRANSFER_DAYS}` },
  );
export type GridTransferRequest = z.infer<typeof gridTransferRequest>;

/** What the bank sent later of days for which a transfer was too little. */
export const gridTransferRestRequest = z.strictObject(sent);
export type GridTransferRestRequest = z.infer<typeof gridTransferRestRequest>;

/** Which transfer, by its entry's id, and why it is undone. */
export const gridTransferParam = z.strictObject({ transfer: z.string().regex(/^transfer-[0-9a-f-]{1,64}$/) });
export const gridTransferUndoRequest = z.strictObject({ reason });
export type GridTransferUndoRequest = z.infer<typeof gridTransferUndoRequest>;

const entry = z.object({
  id: z.string(),
  /** `rest`: what was sent later of the days for which `restOf` was too little. */
  kind: z.enum(['paid', 'rest', 'undone']),
  restOf: z.string().nullable(),
  /** Of what is paid: whether it was undone since, and whether it can be, being the newest that stands, a rest of its days. */
  state: z.enum(['newest', 'stands', 'undone']).nullable(),
  from: day,
  to: day,
  fen: sum,
  /** What the days came to when it was booked; of a rest, what of that was missing. */
  owedFen: sum,
  /** What they come to since they were compared anew; null: they were not. */
  owedNowFen: sum.nullable(),
  /** Of days that are paid: with the rests that stand; null: it is a rest, an undoing, or was undone. */
  paidFen: sum.nullable(),
  /** What is missing of that, which a rest can pay; nothing where two persons settled it. */
  missingFen: sum,
  reference: z.string(),
  paidOn: day,
  by: z.string(),
  at: timestamp,
});
export type GridTransferView = z.infer<typeof entry>;

/** What of our sales the grid has been paid by the bank, and what is next. */
export const gridTransfers = z.object({
  grid: z.string(),
  /** False: the grid takes its sales from our deposit there, and nothing is transferred for days. */
  offered: z.boolean(),
  /** The first day that no transfer pays; null: nothing was sold yet. */
  next: day.nullable(),
  /**
   * From there to yesterday, the oldest 93 that owe something or were not compared (the sum is null): of the days between them nothing
   * is owed.
   */
  unpaid: z.array(
    z.object({
      ...reconciledDay.pick({ day: true, state: true, stale: true }).shape,
      owedFen: sum.nullable(),
    }),
  ),
  /** The last day that can be paid now, also one that owes nothing; null: none can. */
  payableTo: day.nullable(),
  /** The newest 200, newest first. */
  entries: z.array(entry),
});
export type GridTransfersView = z.infer<typeof gridTransfers>;
