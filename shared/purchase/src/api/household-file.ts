import { z } from 'zod';
import { timestamp, words } from './scalars.ts';

/** A part of the file, bytes; what any endpoint takes. */
export const HOUSEHOLD_PART_BYTES = 256 * 1024;
/** A province's households take half of it. */
export const MOST_FILE_BYTES = 256 * 1024 * 1024;
/** So many lines with mistakes are named; all are counted. */
export const MOST_TROUBLES = 50;

/** What keeps a line from being a household: how many columns, its number, its organisation (none, or two of that name), its tags, its quotes. */
export const ROW_TROUBLES = [
  'columns',
  'number',
  'organisation',
  'two-organisations',
  'tags',
  'quotes',
] as const;
export type RowTrouble = (typeof ROW_TROUBLES)[number];

/** A line of the file that cannot be taken: which, from 1, and why. Never what stands in it. */
export const lineTrouble = z.object({ line: z.int().min(1), what: z.enum(ROW_TROUBLES) });
export type LineTrouble = z.infer<typeof lineTrouble>;

/**
 * A file of households for discounts. `receiving` → `waits` for a second person → `carrying` → `done` | `failed`; or `refused`, or
 * `left` for so long that its contents are gone.
 */
export const householdFile = z.object({
  id: z.uuid(),
  /** Whether the reader is who sends it, who alone goes on with it. */
  own: z.boolean(),
  by: z.string(),
  status: z.enum(['receiving', 'waits', 'carrying', 'done', 'failed', 'refused', 'left']),
  bytes: z.int(),
  /** Of the whole file, hex, as who sends it says; what was received is held to it. */
  sha256: z.string(),
  /** Of its bytes: the next part begins there. */
  received: z.int(),
  /** Households that were read, each line one. */
  rows: z.int(),
  /** Of those, ones that stand in the same part again; the later line counts. Across parts nobody counts them. */
  repeated: z.int(),
  /** Lines that cannot be taken, and the first of them. */
  wrong: z.int(),
  troubles: z.array(lineTrouble),
  /** Households that hold as the file says; the ones that something newer was said of; the ones that others have. */
  outcome: z.object({ applied: z.int(), newer: z.int(), elsewhere: z.int() }),
  createdAt: timestamp,
  allowedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  /** Of `failed`: its contents are gone, or its names are under a key that is used no more. */
  failure: z.enum(['parts-gone', 'key-changed']).nullable(),
});
export type HouseholdFileView = z.infer<typeof householdFile>;
export const householdFileList = z.object({ files: z.array(householdFile) });

/** Goes on with the same file where one is under way. */
export const beginHouseholdFile = z.strictObject({
  bytes: z.int().min(1).max(MOST_FILE_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 digits of hex' }),
});
export type BeginHouseholdFile = z.infer<typeof beginHouseholdFile>;
export const householdFileParam = z.strictObject({ id: z.uuid() });
export const householdPartQuery = z.strictObject({
  /** How much of the file is there already, bytes; 0: its first part. */
  offset: z.coerce.number().int().min(0).max(MOST_FILE_BYTES).default(0),
});
export const finishHouseholdFile = z.strictObject({ reason: words(3, 500) });
