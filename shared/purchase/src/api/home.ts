import { z } from 'zod';
import { billNo } from './account.ts';
import { maskedHousehold } from './household.ts';
import { orderKind } from './order.ts';
import { entry, fen, orderNo, timestamp } from './scalars.ts';

/** Names a household on one box; random, and of no use to any other. */
const homeId = z.string().regex(/^[\w-]{16}$/, { error: 'must name a household of this box' });

/** A household that a box keeps, masked by the server. */
export const homeView = z.object({
  id: homeId,
  customer: maskedHousehold,
});
export type HomeView = z.infer<typeof homeView>;
export const homeList = z.object({ homes: z.array(homeView) });
export const homeParams = z.strictObject({ homeId });

/** By a purchase that was paid on this box within the last hour. */
export const rememberRequest = z.strictObject({ orderNo });

export const homeOrderRequest = z.strictObject({
  /** Chosen by the box, one per intention to buy; the same key gives the same order. */
  idempotencyKey: z.uuid(),
  faceFen: fen,
  entry,
  /** A bill of the household's. */
  billNo: billNo.optional(),
});
export type HomeOrderRequest = z.infer<typeof homeOrderRequest>;

/**
 * How a purchase ended, as far as it has: `waiting` for the grid, the meter, the card or its payer's choice;
 * `looked-at` by a person.
 */
export const PURCHASE_OUTCOMES = [
  'on-card',
  'on-meter',
  'waiting',
  'refunding',
  'refunded',
  'looked-at',
] as const;
export const purchaseOutcome = z.enum(PURCHASE_OUTCOMES);
export type PurchaseOutcome = z.infer<typeof purchaseOutcome>;

export const purchase = z.object({
  orderNo,
  at: timestamp,
  faceFen: fen,
  /** What the meter gets of it, once the grid sold: less than `faceFen` where arrears or fees were taken. */
  creditFen: fen.nullable(),
  kind: orderKind,
  entry,
  outcome: purchaseOutcome,
});
export type Purchase = z.infer<typeof purchase>;

/** Whose: of the card that was just read here, or of a household that this box keeps. Never of a mere number. */
export const historyRequest = z.union([
  z.strictObject({ cardSession: z.string().min(1).max(64), before: orderNo.optional() }),
  z.strictObject({ homeId, before: orderNo.optional() }),
]);
export type HistoryRequest = z.infer<typeof historyRequest>;

/** A household's paid purchases, newest first. */
export const history = z.object({
  purchases: z.array(purchase),
  /** `before` of the next question; null where there are no older ones. */
  next: orderNo.nullable(),
});
export type History = z.infer<typeof history>;
