import type { Redis } from 'ioredis';
import { z } from 'zod';
import { Tickets } from '../../access/tickets.ts';

/** How long staff may count the cash before their PIN is asked for again. */
const TTL_S = 5 * 60;

const offered = z.strictObject({
  staff: z.string(),
  terminalId: z.string(),
  orderNo: z.string(),
  shift: z.string().optional(),
});
/** Who may take the cash of which order, and where. `staff`: a user's id. `shift`: in whose the cash comes; absent: none's. */
type Offered = z.infer<typeof offered>;

/** A ticket may be used more than once, because taking the cash may have to be repeated. */
export type CashOffers = Tickets<Offered>;

export function cashOffers(redis: Redis): CashOffers {
  return new Tickets(redis, { prefix: 'cash-offer', schema: offered, ttlS: TTL_S });
}
