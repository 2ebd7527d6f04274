import { z } from 'zod';
import { fen } from './scalars.ts';

/** What an order's amount buys, as the grid says today. `creditFen + arrearsFen + feeFen` is the order's `faceFen`. */
export const orderQuote = z.object({
  /** What the meter will be credited. */
  creditFen: fen,
  /** Taken first, for what is owed. */
  arrearsFen: fen,
  feeFen: fen,
  /** Watt-hours that `creditFen` buys; null where the tariff depends on the time of use. */
  energyWh: z.int().min(0).nullable(),
});
export type OrderQuote = z.infer<typeof orderQuote>;
