import { z } from 'zod';

/** What the grid still sells by us: what is left of the deposit (备付金) that we paid in there, or of the credit that it gives. */
export const vendorCredit = z.object({
  /** Face value of what may still be sold, fen. */
  availableFen: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** By the grid's clock, ISO 8601. */
  asOf: z.iso.datetime({ offset: true }),
  /** `closed`: the grid sells nothing by us until it opens the next batch. */
  batch: z.enum(['open', 'closed']),
});
export type VendorCredit = Readonly<z.output<typeof vendorCredit>>;
