import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { CHANNELS } from '@bianmin/purchase/api/channels';

const placeSchema = z.discriminatedUnion('in', [
  z.object({ in: z.literal('drawer') }),
  z.object({ in: z.literal('reader'), readerId: z.string() }),
]);

export const cardSchema = z.object({
  id: z.string(),
  label: z.string(),
  /** What is special about it, in English. */
  noteEn: z.string().optional(),
  chip: z.enum(CHIP_NAMES),
  meterNo: z.string().nullable(),
  place: placeSchema,
});
export type WorldCard = z.output<typeof cardSchema>;

export const meterSchema = z.object({ meterNo: z.string(), balanceFen: z.int(), count: z.int() });
export type WorldMeter = z.output<typeof meterSchema>;

/** A balance that the grid keeps. */
export const accountSchema = z.object({
  balanceFen: z.int(),
  creditedFen: z.int(),
  supply: z.enum(['on', 'off']),
});
export type WorldAccount = z.output<typeof accountSchema>;

export const insertionSchema = z.object({
  creditedFen: z.int(),
  balanceFen: z.int(),
  count: z.int(),
  error: z.int().nullable(),
  message: z.string(),
});
export type Insertion = z.output<typeof insertionSchema>;

const notificationSchema = z.object({
  id: z.string(),
  event: z.string(),
  status: z.string(),
  attempts: z.array(z.object({ answer: z.string() })),
});
export type WalletNotification = z.output<typeof notificationSchema>;

export const paymentSchema = z.object({
  outTradeNo: z.string(),
  totalFen: z.int(),
  transactions: z.array(z.object({ id: z.string(), totalFen: z.int(), refundedFen: z.int() })),
  notifications: z.array(notificationSchema),
});

const walletName = z.enum(CHANNELS);
export const sumSchema = z.object({
  wallet: walletName,
  outTradeNo: z.string(),
  totalFen: z.int(),
  transactions: z.array(z.object({ id: z.string(), totalFen: z.int(), refundedFen: z.int() })),
});
/** What came and went under one payment number. */
export type PaymentSum = z.output<typeof sumSchema>;

export const refundSchema = z.object({
  wallet: walletName,
  outRefundNo: z.string(),
  outTradeNo: z.string(),
  refundFen: z.int(),
  status: z.string(),
});
export type WalletRefund = z.output<typeof refundSchema>;

export const saleSchema = z.object({
  orderNo: z.string(),
  status: z.string(),
  /** null: a number that was reversed before it was ever seen. */
  meterNo: z.string().nullable(),
  faceFen: z.int(),
  count: z.int().nullable(),
  writeClaimed: z.boolean(),
});
export type WorldSale = z.output<typeof saleSchema>;

export const smsSchema = z.object({ customerNo: z.string(), code: z.string() });
export const usageSchema = z.object({ apdus: z.int(), eepromCycles: z.int() }).loose();
export type WorldHousehold = z.output<typeof householdSchema>;
export const householdSchema = z.object({ cardId: z.string(), meterNo: z.string(), customerNo: z.string() });
