import { z } from 'zod';
import { fen, timestamp } from './scalars.ts';

/** What is known of a household's meter before it buys. */
export const meterState = z.object({
  /** Fen; null where the grid never heard of it. May be negative (overdraft). */
  balanceFen: z.int().nullable(),
  /** When the meter had it, by its own time. */
  readAt: timestamp.nullable(),
  /** True: read from the meter just now. Otherwise it is what it had just after its last credit, the most since. */
  live: z.boolean().optional(),
  /** 囤积限额: the meter refuses what would take it beyond, fen; absent: it has none, or none is known. */
  ceilingFen: fen.optional(),
  /** Owed; taken first from the next purchase. */
  arrearsFen: fen,
});
export type MeterState = z.infer<typeof meterState>;
