import { z } from 'zod';
import { timestamp } from './scalars.ts';

const reason = z.string().min(3).max(500);

/** A transfer to the grid, which finance compares and allows. */
export const depositTopUpRequest = z.strictObject({
  fen: z.int().min(1).max(100_000_000_000),
  /** The bank's reference of the transfer. */
  reference: z.string().min(3).max(64),
  /** The day on which it was made, in China. */
  paidOn: z.iso.date(),
  reason,
});
export type DepositTopUpRequest = z.infer<typeof depositTopUpRequest>;

/** Which top-up, by its entry's id, and why it is undone. */
export const depositTopUpParam = z.strictObject({ topUp: z.string().regex(/^deposit-[0-9a-f-]{1,64}$/) });
export const depositUndoRequest = z.strictObject({ reason });
export type DepositUndoRequest = z.infer<typeof depositUndoRequest>;

const depositEntry = z.object({
  id: z.string(),
  kind: z.enum(['top-up', 'top-up-undone']),
  /** The top-up that it undoes, by its id; null: it is one itself. */
  undoes: z.string().nullable(),
  fen: z.int(),
  reference: z.string(),
  paidOn: z.string(),
  by: z.string(),
  at: timestamp,
});
export type DepositEntryView = z.infer<typeof depositEntry>;

/** Our deposit at the grid: what the grid says, how long it lasts, and what we paid in. */
export const depositView = z.object({
  grid: z.string(),
  /** What may still be sold, as last told less what was sold since; null: the grid does not say, or bounds nothing. */
  availableFen: z.int().nullable(),
  asOf: timestamp.nullable(),
  batch: z.enum(['open', 'closed']),
  /** When it last refused a sale for it, and neither sold nor told anything since. */
  refusedAt: timestamp.nullable(),
  /** What payers paid in the seven days before today. */
  weekFen: z.int(),
  /** By what each day of that week sold; null where that tells nothing. */
  daysLeft: z.number().nullable(),
  /** Everything that was paid in, less what was undone. */
  paidInFen: z.int(),
  /** When what is left was last put beside our books, and what those made of it; null: it never was. */
  compared: z.object({ at: timestamp, gridFen: z.int(), booksFen: z.int(), underWayFen: z.int() }).nullable(),
  /** The newest 200, newest first. */
  entries: z.array(depositEntry),
});
export type DepositView = z.infer<typeof depositView>;
