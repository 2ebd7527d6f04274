import { z } from 'zod';
import { adminOrderRow, orderKey } from './admin-orders.ts';
import { presence } from './heartbeat.ts';
import { orgNames } from './org.ts';
import { fen, orderNo, timestamp, words } from './scalars.ts';
import { TERMINAL_STATUSES } from './terminal.ts';

/**
 * Whatever a caller can read out: what `orderSearch.any` takes, a terminal's name, its place, a case's number. Sent as a body, as
 * every search that may hold a household's number.
 */
export const adminSearchRequest = z.strictObject({ text: words(2, 64) });

/** An address of the console, below `/admin`, without anything of a household. */
const page = z.string().regex(/^\/[\w/-]+(?:\?[\w-]+=[\w-]+)?$/);

/** What was found within the caller's scope, of what their permissions show; each group is empty where there is none of it. */
export const adminSearchFound = z.object({
  /** As what the text found orders. */
  readAs: z.array(orderKey),
  /** The newest, five at most. */
  orders: z.array(adminOrderRow.extend({ page })),
  /** There are more orders than these. */
  moreOrders: z.boolean(),
  /** Masked, whose number, meter or card the text is; their orders are those above. */
  households: z.array(
    z.object({
      customer: z.object({ name: z.string(), address: z.string(), customerNo: z.string() }),
      meterTail: z.string().optional(),
    }),
  ),
  terminals: z.array(
    z.object({
      ...{ id: z.string(), kind: z.enum(['kiosk', 'box']), name: z.string() },
      ...{ status: z.enum(TERMINAL_STATUSES), presence, seenAt: timestamp.nullable() },
      /** The organisation that it stands in. */
      place: orgNames.nullable(),
      page,
    }),
  ),
  cases: z.array(
    z.object({
      ...{ id: z.string(), kind: z.string(), status: z.enum(['open', 'resolved']) },
      ...{ orderNo: z.string(), openedAt: timestamp, page },
    }),
  ),
  refunds: z.array(z.object({ refundNo: z.string(), orderNo, fen, status: z.string(), page })),
});
export type AdminSearchFound = z.infer<typeof adminSearchFound>;
