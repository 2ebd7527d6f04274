import { z } from 'zod';
import { billNo } from './account.ts';
import { maskedHousehold } from './household.ts';
import { creditChoice, orderView } from './order.ts';
import { remoteCustomer } from './remote.ts';
import { fen, orderNo, timestamp } from './scalars.ts';

/** As printed on a bill; spaces and dashes that people type are taken out by the page. */
const customerNo = z.string().regex(/^\d{6,20}$/, { error: 'must be 6 to 20 digits' });
const sixDigits = z.string().regex(/^\d{6}$/, { error: 'must be 6 digits' });
const bindingId = z.string().regex(/^[\w-]{16}$/, { error: 'must name a household of this phone' });

export const payerSession = z.object({ expiresAt: timestamp });
export type PayerSessionView = z.infer<typeof payerSession>;

export const bindingCodeRequest = z.strictObject({ customerNo });
/** The same for every customer number, known to the grid or not. */
export const bindingCodeAnswer = z.object({
  /** Seconds until another code may be asked for. */
  resendAfterS: z.int(),
  /** Seconds that the code is good for. */
  expiresInS: z.int(),
});
export type BindingCodeAnswer = z.infer<typeof bindingCodeAnswer>;

export const bindRequest = z.strictObject({ customerNo, code: sixDigits });

/** A household of this phone, masked. */
export const bindingView = z.object({
  id: bindingId,
  customer: maskedHousehold,
  createdAt: timestamp,
});
export type BindingView = z.infer<typeof bindingView>;
export const bindingList = z.object({ bindings: z.array(bindingView) });
export const bindingParams = z.strictObject({ bindingId });

/** What may be bought for a household now; its own day's limits are in it. */
export const bindingDetails = remoteCustomer.extend({
  id: bindingId,
  today: z.object({ ordersLeft: z.int(), fenLeft: fen }),
});
export type BindingDetails = z.infer<typeof bindingDetails>;

/** Six digits to type at a kiosk, which then sells by customer number once. */
export const proofAnswer = z.object({ proof: sixDigits, expiresAt: timestamp });
export type ProofAnswer = z.infer<typeof proofAnswer>;

export const payerOrderRequest = z.strictObject({
  /** Chosen by the phone, one per intention to buy; the same key gives the same order. */
  idempotencyKey: z.uuid(),
  bindingId,
  faceFen: fen,
  /** A bill of the household's. */
  billNo: billNo.optional(),
});
export const choiceRequest = z.strictObject({ choice: creditChoice });
export const payerOrderParams = z.strictObject({ orderNo });

export const payerOrder = orderView.extend({
  /** Masked. */
  customer: maskedHousehold,
  /** The order's own page, on which the phone pays until then; null where nothing can be paid now. */
  pay: z.object({ url: z.string(), until: timestamp }).nullable(),
});
export type PayerOrder = z.infer<typeof payerOrder>;
export const payerOrderList = z.object({ orders: z.array(payerOrder) });
export const payerStreamQuery = z.strictObject({ lastEventId: z.coerce.number().int().min(0).optional() });
