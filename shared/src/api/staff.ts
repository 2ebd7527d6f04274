import { z } from 'zod';
import { cardImage } from './card-image.ts';
import { adminApproval } from './admin.ts';
import { orderState } from './order.ts';
import { fen, orderNo, terminalId, timestamp, words } from './scalars.ts';

/** Why somebody does what they do: read by the second person and kept in the audit trail. */
const reason = z.string().min(3).max(500);
const person = z.object({ id: z.string(), name: z.string() });

export const staffCase = z.object({
  id: z.string(),
  kind: z.string(),
  orderNo: z.string(),
  key: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  status: z.enum(['open', 'resolved']),
  owner: person.nullable(),
  notes: z.array(z.object({ at: timestamp, by: z.string(), byName: z.string(), text: z.string() })),
  resolution: z.object({ at: timestamp, by: person, text: z.string() }).nullable(),
  openedAt: timestamp,
  updatedAt: timestamp,
  /** How often it was found again after it had been resolved. */
  reopened: z.int(),
});
export type StaffCase = z.infer<typeof staffCase>;
export const caseParam = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/) });
export const caseListQuery = z.strictObject({
  status: z.enum(['open', 'resolved']).optional(),
  kind: z.string().max(32).optional(),
  orderNo: orderNo.optional(),
  /** A user's id. */
  owner: z.uuid().optional(),
  /** These alone, such as a day's: their ids with commas between, 100 at most. */
  ids: z
    .string()
    .regex(/^[0-9a-f]{32}(?:,[0-9a-f]{32}){0,99}$/)
    .optional(),
  before: timestamp.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** null: nobody answers for it any more. */
export const assignCaseRequest = z.strictObject({ owner: z.uuid().nullable() });
export const caseTextRequest = z.strictObject({ text: z.string().min(1).max(2000) });

export const orderParam = z.strictObject({ orderNo });

/** A card to be read now, at a named terminal, for a named order. */
export const readingRequest = z.strictObject({ terminalId });
export const staffReading = z.object({
  /** The server's nonce: the terminal sends its reading under it, signed with its key. */
  nonce: z.string(),
  orderNo,
  terminalId: z.string(),
  expiresAt: timestamp,
  /** Set once the terminal has sent it. */
  readAt: timestamp.nullable(),
  /** What stands against a reversal by this reading, as a problem code; null before it was read and where nothing does. */
  against: z.string().nullable(),
});
export type StaffReading = z.infer<typeof staffReading>;
export const readingParam = z.strictObject({ nonce: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
/** For the order whose sale is to be undone. */
export const sessionReadingRequest = z.strictObject({ orderNo });
export const readingBody = z.strictObject({ image: cardImage });

export const reversalRequest = z.strictObject({ nonce: readingParam.shape.nonce, reason });

/** Writes a sold order's card once more. `lastTry`: the code of the card may meet its last try. */
export const rewriteRequest = z.strictObject({
  terminalId,
  image: cardImage,
  lastTry: z.boolean().default(false),
  reason,
});

export const replacementRequest = z.strictObject({
  terminalId,
  customerNo: z.string().regex(/^[0-9A-Za-z]{1,20}$/),
  reason,
});
export const replacementView = z.object({
  /** As long as an order's number; the terminal journals the write under it. */
  requestNo: orderNo,
  terminalId: z.string(),
  /** Masked. */
  customer: z.object({ name: z.string(), address: z.string(), customerNo: z.string() }),
  status: z.enum(['requested', 'approved', 'released', 'written', 'failed']),
  /** The order that is on the new card; null where everything sold was in the meter. */
  openOrderNo: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
});
export type ReplacementView = z.infer<typeof replacementView>;
export const replacementParam = z.strictObject({ requestNo: orderNo });
export const replacementResponse = z.object({ replacement: replacementView, approval: adminApproval });

export const DECISIONS = ['treat-as-sold', 'reverse-refund', 'resume', 'refund-elsewhere'] as const;
export type Decision = (typeof DECISIONS)[number];
export const ORDER_ACTIONS = [
  'query-channel',
  'query-grid',
  ...DECISIONS,
  'rewrite',
  'reverse',
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
      /** What whoever asks for it must have. */
      permission: z.string(),
      /** 2: somebody else must allow it. */
      persons: z.union([z.literal(1), z.literal(2)]),
    }),
  ),
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
export type ChannelAnswers = z.infer<typeof channelAnswers>;

export const orderNote = z.object({
  id: z.string(),
  at: timestamp,
  /** A user's id, and the name as it was. */
  by: z.string(),
  byName: z.string(),
  text: z.string(),
});
export type OrderNoteView = z.infer<typeof orderNote>;
export const orderNoteList = z.object({ notes: z.array(orderNote) });
/** `key`: chosen by the caller, the same one is the same note. */
export const orderNoteRequest = z.strictObject({ key: z.uuid(), text: words(1, 2000) });
