import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { hexBytes } from '@bianmin/purchase/api/scalars';
import { accountFacts } from '../accounts.ts';

export const orderNo = z.string().min(1).max(32);
export const fen = z.int().min(0).max(99_999_999);
export const serial = hexBytes(8);
export const count = z.int().min(0).max(0xffffffff);

export const customerNo = z.string().min(1).max(20);
export const meterNo = z.string().min(1).max(20);

export const gridCard = z.object({
  customerNo,
  customerName: z.string().max(64),
  address: z.string().max(128),
  holder: z.string().min(1).max(64).optional(),
  meterNo: z.string().min(1).max(20),
  chip: z.enum(CHIP_NAMES),
  serial,
  soldCount: count,
  cardCount: count,
  creditedCount: count.nullable(),
  previousInserted: z.boolean(),
  /** Negative: overdraft. */
  balanceFen: z.int().nullable(),
  balanceAt: z.iso.datetime({ offset: true }).nullable(),
  balanceLive: z.boolean(),
  ceilingFen: fen.nullable(),
  arrearsFen: fen,
  minFen: fen,
  maxFen: fen,
  exchanged: z
    .object({
      formerMeterNo: meterNo,
      at: z.iso.datetime({ offset: true }).nullable(),
      openOrderNo: orderNo.nullable(),
    })
    .optional(),
  ofFormerMeter: z.boolean().optional(),
  ...accountFacts,
});

export const sale = z.object({
  saleNo: z.string().min(1).max(32),
  orderNo,
  count,
  faceFen: fen,
  creditFen: fen,
  arrearsFen: fen,
  feeFen: fen,
});

export const credit = z.object({
  orderNo,
  count,
  creditFen: fen,
  /** Negative: overdraft. */
  balanceFen: z.int(),
  creditedAt: z.iso.datetime({ offset: true }),
});

export const regions = z
  .array(
    z.strictObject({
      zone: z.string().min(1).max(16),
      offset: z.int().min(0).max(0xffff),
      data: hexBytes(1, 512),
    }),
  )
  .max(16);
