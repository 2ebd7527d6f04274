import { z } from 'zod';
import { channel, fen, orderNo, timestamp, words } from './scalars.ts';

export const COMPLAINT_STATES = ['open', 'answered', 'finished'] as const;

export const complaintParam = z.object({ id: z.string().regex(/^[a-z]+:[\w-]{1,64}$/) });
export const complaintReply = z.object({ text: words(1, 200) });
export const complaintListQuery = z.object({
  state: z.enum(COMPLAINT_STATES).optional(),
  orderNo: orderNo.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const complaintView = z.object({
  id: z.string(),
  channel,
  problem: z.enum(['refund', 'service', 'other']),
  state: z.enum(COMPLAINT_STATES),
  /** null where the payment is none of ours. */
  orderNo: orderNo.nullable(),
  transactionId: z.string(),
  amountFen: fen,
  raisedAt: timestamp,
  /** The next promise to the wallet; null where none is left. */
  deadline: timestamp.nullable(),
  steps: z.array(
    z.object({
      kind: z.enum(['reply', 'finish']),
      text: z.string(),
      at: timestamp,
      byName: z.string(),
      status: z.enum(['waiting', 'sent', 'refused']),
    }),
  ),
});
export type ComplaintView = z.infer<typeof complaintView>;
/** One complaint with the payer's own words. */
export const complaintDetail = complaintView.extend({ text: z.string() });
