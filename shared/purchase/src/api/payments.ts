import { z } from 'zod';
import { CHANNELS } from './channels.ts';
import { channel, fen, orderNo, timestamp } from './scalars.ts';

/** A key or certificate that a channel is spoken to or believed by. Never the key itself. */
export const channelKey = z.object({
  /** `environment`, or the id of what was uploaded. */
  source: z.string(),
  /** The variable that it is, or stands in for. */
  name: z.string(),
  whose: z.enum(['ours', 'theirs']),
  kind: z.enum(['private-key', 'public-key', 'certificate', 'secret', 'unreadable']),
  /** As the channel calls it, where it does. */
  serial: z.string().nullable(),
  /** SHA-256 of the public half (SubjectPublicKeyInfo), hex; null of a secret. */
  fingerprint: z.string().nullable(),
  /** When it ends; null where it has no end or it is not known here. */
  notAfter: timestamp.nullable(),
});
export type ChannelKey = z.infer<typeof channelKey>;

export const channelFacts = z.object({
  channel,
  products: z.array(z.string()),
  /** Whether a day's bill comes from there. */
  bills: z.boolean(),
  /** As this web process sees it: false after three calls in a row without an answer. */
  up: z.boolean(),
  /** Unanswered calls in a row. */
  failures: z.int(),
  /** Where none is chosen, channels are picked in the proportion of their weights. */
  weight: z.number(),
  minFen: fen,
  /** null: no limit. */
  maxFen: z.int().nullable(),
  /** By contract, per mille; null where it is not configured. Bills say what was really kept. */
  feePerMille: z.number().nullable(),
  keys: z.array(channelKey),
});
export type ChannelFacts = z.infer<typeof channelFacts>;
export const channelFactsList = z.object({ channels: z.array(channelFacts) });

export const PAYMENT_STATUSES = ['created', 'pending', 'succeeded', 'closed', 'unknown'] as const;
export const transactionQuery = z.strictObject({
  channel: z.enum([...CHANNELS, 'cash']).optional(),
  status: z.enum(PAYMENT_STATUSES).optional(),
  /** Of orders made at or after; needed, since payments are looked for among orders of a time. */
  from: timestamp,
  to: timestamp.optional(),
  after: orderNo.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const transaction = z.object({
  ...{ no: z.string(), orderNo, channel: z.enum([...CHANNELS, 'cash']), status: z.enum(PAYMENT_STATUSES) },
  amountFen: fen,
  transactionId: z.string().nullable(),
  createdAt: timestamp,
  paidAt: timestamp.nullable(),
  /** Whether it is the one that funds its order; others are given back. */
  funds: z.boolean(),
  refundedFen: fen,
});
export type Transaction = z.infer<typeof transaction>;
/** `next`: the order to go on after; also where a page came out short, since only so many orders are looked through at once. */
export const transactionPage = z.object({ transactions: z.array(transaction), next: orderNo.nullable() });

export const NOTIFICATION_RESULTS = ['accepted', 'signature', 'merchant', 'mismatch', 'failed'] as const;
export const receivedNotification = z.object({
  id: z.string(),
  channel,
  receivedAt: timestamp,
  /** `accepted`: its signature was verified and it fits a payment or refund of ours. */
  result: z.enum(NOTIFICATION_RESULTS),
  /** Why it was refused, for engineers. */
  detail: z.string().nullable(),
  kind: z.enum(['payment', 'refund']).nullable(),
  orderNo: orderNo.nullable(),
  /** Of the payment or refund. */
  no: z.string().nullable(),
  amountFen: fen.nullable(),
  /** Of a refused one: what came, so that two can be told to be the same. */
  sha256: z.string().nullable(),
});
export type ReceivedNotification = z.infer<typeof receivedNotification>;
export const notificationQuery = z.strictObject({
  channel: channel.optional(),
  result: z.enum(['accepted', 'refused']).optional(),
  before: timestamp.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const notificationList = z.object({ notifications: z.array(receivedNotification) });
export const notificationParam = z.strictObject({
  id: z.string().regex(new RegExp(`^(?:${CHANNELS.join('|')}):[\\w.:-]{1,160}$`)),
});
export const replayAnswer = z.object({
  orderNo,
  /** Whether the order took in something that it did not know. */
  changed: z.boolean(),
});

export const paymentKeyRequest = z.strictObject({
  /** Chosen by the caller, one per intention. */
  key: z.uuid(),
  channel,
  /** `theirs`: believed beside those before it. `ours`: signs in the place of the one before it. */
  whose: z.enum(['ours', 'theirs']),
  /** A certificate, a public key or our private key, PEM. */
  pem: z.string().min(100).max(20_000),
  /** As the channel calls it; of a certificate it is read from it. */
  serial: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  /** Of Alipay's certificate mode: our new application certificate, with our new key. */
  certificate: z.string().min(100).max(20_000).optional(),
  /** From when on it counts; absent: from when the second person allows it. */
  activeFrom: timestamp.optional(),
  reason: z.string().min(3).max(500),
});
export type PaymentKeyRequest = z.infer<typeof paymentKeyRequest>;
export const uploadedKey = z.object({
  id: z.string(),
  channel,
  whose: z.enum(['ours', 'theirs']),
  serial: z.string().nullable(),
  fingerprint: z.string(),
  notAfter: timestamp.nullable(),
  status: z.enum(['proposed', 'active', 'retired']),
  activeFrom: timestamp.nullable(),
  createdAt: timestamp,
  createdBy: z.string(),
});
export type UploadedKeyView = z.infer<typeof uploadedKey>;
export const uploadedKeyList = z.object({ keys: z.array(uploadedKey) });
export const uploadedKeyParam = z.strictObject({ id: z.uuid() });
export const retireKeyRequest = z.strictObject({ reason: z.string().min(3).max(500) });
