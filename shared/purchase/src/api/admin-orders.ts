import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { consentForm } from './consent.ts';
import { diagnosis, diagnosisPlace } from './diagnosis.ts';
import { noDiscount } from './no-discount.ts';
import { cashHandOut } from './refund.ts';
import { orgId } from './org.ts';
import { meterWord, orderKind, orderState } from './order.ts';
import { CHANNELS } from './channels.ts';
import { entry, fen, orderNo, timestamp, words } from './scalars.ts';

const means = z.enum([...CHANNELS, 'cash']);

/** As what a text that a person has in hand can be read, and an order found by it. */
export const orderKey = z.enum([
  ...(['orderNo', 'receiptCode', 'serial', 'terminalId'] as const),
  ...(['customerNo', 'meterNo', 'transactionId'] as const),
]);
export type OrderKey = z.infer<typeof orderKey>;

/**
 * Orders, the newest first. Several conditions hold together; none: all orders. Sent as a body: addresses are kept in the
 * logs of proxies and the histories of browsers, where no customer number may be.
 */
export const orderSearch = z.strictObject({
  /**
   * Whatever a person has in hand: an order's, payment's or refund's number, a receipt's code, a customer's or meter's number, a
   * card's serial, a terminal's id or a channel's transaction. Read in every way that its form allows; the answer says which of
   * them found something.
   */
  any: words(4, 64).optional(),
  /** In clear; it is sealed before anything is searched for. */
  customerNo: z
    .string()
    .regex(/^[0-9A-Za-z]{4,20}$/)
    .optional(),
  serial: z
    .string()
    .regex(/^[0-9A-F]{16}$/)
    .optional(),
  /** The terminal that made the order. */
  terminalId: z.string().min(1).max(64).optional(),
  /** The channel's, as the payer's wallet shows it. */
  transactionId: z.string().min(1).max(64).optional(),
  state: orderState.optional(),
  /** Those that wait for a person's decision. */
  attention: z.literal(true).optional(),
  entry: entry.optional(),
  /** Of any of its payments. Best with a time: it has no index of its own. */
  channel: means.optional(),
  /** Of the card. Best with a time, too. */
  chip: z.enum(CHIP_NAMES).optional(),
  /** Made within this organisation or what is below it, as they were then. */
  orgId: orgId.optional(),
  /** Made at or after. */
  from: timestamp.optional(),
  /** Made before. */
  to: timestamp.optional(),
  /** The page after the one that ended with this order. */
  after: orderNo.optional(),
  limit: z.int().min(1).max(200).default(50),
});
export type OrderSearch = z.infer<typeof orderSearch>;

const row = {
  orderNo,
  state: orderState,
  kind: orderKind,
  entry,
  terminalId: z.string(),
  customer: z.object({ name: z.string(), address: z.string(), customerNo: z.string() }),
  chip: z.enum(CHIP_NAMES),
  serial: z.string(),
  faceFen: fen,
  discountFen: fen,
  paidFen: fen,
  /** Of the payment that funds the order; null before there is one. */
  channel: means.nullable(),
  ...meterWord,
  /** Why a person must decide; null where none must. */
  attention: z.string().nullable(),
  createdAt: timestamp,
  updatedAt: timestamp,
};
export const adminOrderRow = z.object(row);
export type AdminOrderRow = z.infer<typeof adminOrderRow>;
/** `next`: what `after` must be for the next page; null on the last. */
export const adminOrderPage = z.object({
  orders: z.array(adminOrderRow),
  next: orderNo.nullable(),
  /** As what `any` was found. */
  readAs: z.array(orderKey).optional(),
});
export type AdminOrderPage = z.infer<typeof adminOrderPage>;

const moment = timestamp.optional();
const whole = z.int().optional();
const text = z.string().optional();

/** An order with all its facts and everything that happened to it, oldest first. */
export const adminOrder = z.object({
  ...row,
  /** Grows with every change. */
  version: z.int(),
  /** Where its money and electricity are, and the one thing to do. */
  diagnosis,
  /** Why it got no discount when it was made; absent: it got one, or it is not known. */
  noDiscount: noDiscount.optional(),
  /** Staff made it for a household that could not come: on which signed paper, and their name, null where that is not known. */
  byConsent: z.object({ form: consentForm, staff: z.string().nullable() }).optional(),
  /** The terminal that made it, as people call it; absent: a phone made it. */
  place: diagnosisPlace.optional(),
  grid: z.string(),
  meterNo: z.string(),
  /** The purchase count that it is sold under. */
  count: z.int(),
  payments: z.array(
    z.object({
      ...{ no: z.string(), channelNo: text, channel: means, status: z.string(), amountFen: z.int() },
      ...{ createdAt: timestamp, expiresAt: timestamp, transactionId: text, paidAt: moment },
      funds: z.boolean().optional(),
    }),
  ),
  sale: z.object({
    ...{ status: z.string(), firstSentAt: moment, sentAt: moment, tries: whole, notFound: whole },
    ...{ saleNo: text, creditFen: whole, arrearsFen: whole, feeFen: whole, reason: text },
    noCreditAt: moment,
  }),
  reversal: z.object({
    status: z.string(),
    sentAt: moment,
    reason: text,
    requestedBy: text,
    approvedBy: text,
  }),
  write: z.object({
    ...{ status: z.string(), lease: whole, terminalId: text, leaseUntil: moment, at: moment },
    ...{ reason: text, confirmed: z.boolean().optional(), silent: z.boolean().optional() },
  }),
  credit: z.object({
    ...{ status: z.string(), firstSentAt: moment, sentAt: moment, tries: whole, notFound: whole },
    ...{ reason: text, balanceFen: whole, creditedAt: moment },
  }),
  refunds: z.array(
    z.object({
      ...{ no: z.string(), paymentNo: z.string(), fen: z.int(), status: z.string(), reason: z.string() },
      ...{ note: text, caseId: text, requestedBy: text, approvedBy: text, at: timestamp, sentAt: moment },
      handOut: cashHandOut.optional(),
    }),
  ),
  closure: z.object({ status: z.string(), reason: text }),
  /** Since when it lies in the archive; absent: it does not. */
  archivedAt: moment,
  events: z.array(
    z.object({
      n: z.int(),
      at: timestamp,
      /** ms since the event before it. */
      afterMs: z.int(),
      name: z.string(),
      /** Who did it: `terminal`, `channel`, `grid`, a user's id, or a part of the server. */
      by: z.string(),
      /** Of a user, their name. */
      byName: z.string().optional(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
});
export type AdminOrder = z.infer<typeof adminOrder>;
