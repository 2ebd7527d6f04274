import { z } from 'zod';
import { cardImage } from './card-image.ts';
import { adminApproval } from './approvals.ts';
import { orderNo, terminalId, timestamp } from './scalars.ts';
import type { channelAnswers } from './order-decisions.ts';
import { reason } from './order-decisions.ts';

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
/** null: it has no owner any more. */
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
export type ChannelAnswers = z.infer<typeof channelAnswers>;
