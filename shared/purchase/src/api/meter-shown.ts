import { z } from 'zod';
import { fen, orderNo, timestamp } from './scalars.ts';

/** What a household says that its meter showed when the card was in it. */
export const METER_SHOWN = [
  'not-inserted', // the card was not in it yet
  'full', // 21, or that the ceiling is exceeded
  'other', // another number, or nothing
] as const;
export type MeterShown = (typeof METER_SHOWN)[number];

export const meterShownRequest = z.strictObject({ shown: z.enum(METER_SHOWN) });
export type MeterShownRequest = z.infer<typeof meterShownRequest>;

/** A purchase that is on a card, and that its meter is not known to have taken. */
export const uncredited = z.object({
  orderNo,
  creditFen: fen,
  writtenAt: timestamp,
  /** The meter takes it once it holds no more than this, fen; absent: it has no ceiling, or none is known. */
  belowFen: fen.optional(),
  /** About when that will be by what the household bought before, YYYY-MM-DD; absent: it is now, or cannot be told. */
  around: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});
export type Uncredited = z.infer<typeof uncredited>;
