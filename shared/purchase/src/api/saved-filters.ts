import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { orderState } from './order.ts';
import { orgId } from './org.ts';
import { CHANNELS } from './channels.ts';
import { entry, timestamp, words } from './scalars.ts';

/**
 * What of a search is kept. Nothing that names a household or a card: those are looked for once, and no list of whom
 * a user looked for is kept.
 */
export const orderFilter = z.strictObject({
  state: orderState.optional(),
  attention: z.literal(true).optional(),
  entry: entry.optional(),
  channel: z.enum([...CHANNELS, 'cash']).optional(),
  chip: z.enum(CHIP_NAMES).optional(),
  orgId: orgId.optional(),
  terminalId: z.string().min(1).max(64).optional(),
  /** The last so many days, today among them; instead of `from` and `to`. */
  lastDays: z.int().min(1).max(366).optional(),
  from: timestamp.optional(),
  to: timestamp.optional(),
});
export type OrderFilter = z.infer<typeof orderFilter>;

export const savedFilterParam = z.strictObject({ id: z.uuid() });
export const savedFilterBody = z.strictObject({
  name: words(1, 40),
  filter: orderFilter,
  /** Of the table, in their order. */
  columns: z.array(z.string().regex(/^[a-zA-Z]{1,32}$/)).max(32),
});
export type SavedFilterBody = z.infer<typeof savedFilterBody>;
export const savedFilter = z.object({
  id: z.string(),
  ...savedFilterBody.shape,
  updatedAt: timestamp,
  /** Its ETag: a change sends the one that was read as `If-Match`. */
  version: z.int(),
});
export type SavedFilterView = z.infer<typeof savedFilter>;
export const savedFilterList = z.object({ filters: z.array(savedFilter) });
