import { z } from 'zod';

/** What a meter itself says when the grid asks it from afar. */
export const meterReading = z.object({
  meterNo: z.string().min(1).max(20),
  /** The count of the last purchase that it took. */
  count: z.int().min(0).max(0xffffffff),
  /** Negative: overdraft. */
  balanceFen: z.int(),
  /** By the grid's clock, ISO 8601. */
  readAt: z.iso.datetime({ offset: true }),
});
export type MeterReading = Readonly<z.output<typeof meterReading>>;
