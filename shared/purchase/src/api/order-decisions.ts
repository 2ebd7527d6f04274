import { z } from 'zod';
import { orderState } from './order.ts';
import { fen, orderNo } from './scalars.ts';

/** Why a user does what they do: read by the second person and kept in the audit trail. */
export const reason = z.string().min(3).max(500);

export const DECISIONS = ['treat-as-sold', 'reverse-refund', 'resume', 'refund-elsewhere'] as const;
export type Decision = (typeof DECISIONS)[number];
export const ORDER_ACTIONS = [
  'query-channel',
  'query-grid',
  ...DECISIONS,
  'rewrite',
  'reverse',
  'undo',
  'refund',
  'note',
] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];
/** Every action there is, whether the order's facts allow it now, and if not, why. */
export const orderActions = z.object({
  orderNo,
  state: orderState,
  attention: z.string().nullable(),
  actions: z.array(
    z.object({
      action: z.enum(ORDER_ACTIONS),
      allowed: z.boolean(),
      why: z.string().nullable(),
      /** Under what key a page finds the words that explain it before it is done. */
      does: z.string(),
      /** What the user who asks for it must have. */
      permission: z.string(),
      /** 2: a second user must allow it. */
      persons: z.union([z.literal(1), z.literal(2)]),
    }),
  ),
  /** Why what is on its card comes off it at the grid's own counter alone; absent: it is on none, or comes off here. */
  counter: z.enum(['not-offered', 'day-over']).optional(),
});
export type OrderActions = z.infer<typeof orderActions>;
export const decisionRequest = z.strictObject({ action: z.enum(DECISIONS), reason });
/** What the grid says of the order's sale, asked just now. */
export const gridAnswer = z.object({
  status: z.enum(['sold', 'rejected', 'reversed', 'not-found']),
  reason: z.string().nullable(),
  sale: z.object({ saleNo: z.string(), count: z.int(), faceFen: fen, creditFen: fen }).nullable(),
  /** Whether that is the sale that was asked for. */
  fits: z.boolean(),
});
export type GridAnswer = z.infer<typeof gridAnswer>;

/** One payment or refund: what we hold, and what its channel says, asked just now. */
const asked = { no: z.string(), channel: z.string(), held: z.string() };
const SILENCE = ['refused', 'no-answer'] as const;
export const channelAnswers = z.object({
  payments: z.array(
    z.object({
      ...asked,
      says: z.enum(['pending', 'not-found', 'closed', 'succeeded', ...SILENCE]),
      transactionId: z.string().nullable(),
      amountFen: z.int().nullable(),
    }),
  ),
  refunds: z.array(
    z.object({ ...asked, says: z.enum(['sent', 'done', 'abnormal', 'closed', 'not-found', ...SILENCE]) }),
  ),
  /** Whether the order took in what it did not know. */
  changed: z.boolean(),
});
