import { z } from 'zod';
import { orderSearch } from './admin-orders.ts';
import { timestamp } from './scalars.ts';

/** What an export may hold of an order. Names, addresses and numbers of persons are masked in each of them. */
export const EXPORT_COLUMNS = [
  'orderNo',
  'createdAt',
  'state',
  'attention',
  'kind',
  'entry',
  'terminalId',
  'customerName',
  'customerAddress',
  'customerNo',
  'serial',
  'faceYuan',
  'discountYuan',
  'paidYuan',
  'channel',
  'transactionId',
  'paidAt',
  'saleNo',
  'writtenAt',
  'refundedYuan',
  'updatedAt',
] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const EXPORT_STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

export const exportRequest = z.strictObject({
  /** Chosen by the caller, one per intention: the same key is the same export. */
  key: z.uuid(),
  format: z.enum(EXPORT_FORMATS),
  /** Of the heads and of the words for states. */
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  columns: z.array(z.enum(EXPORT_COLUMNS)).min(1).max(EXPORT_COLUMNS.length),
  /** Which orders; the newest first in the file. One that was made after the request is not in it. */
  search: orderSearch.omit({ any: true, after: true, limit: true }),
});
export type ExportRequest = z.infer<typeof exportRequest>;

export const exportView = z.object({
  id: z.string(),
  format: z.enum(EXPORT_FORMATS),
  status: z.enum(EXPORT_STATUSES),
  /** Orders that are in it so far. */
  rows: z.int(),
  /** Of 100, by how much of the time asked for has been gone through; null where no beginning was named. */
  progress: z.int().nullable(),
  /** Of the file; 0 before it is whole. */
  bytes: z.int(),
  /** What the file is called. */
  name: z.string(),
  createdAt: timestamp,
  endedAt: timestamp.nullable(),
  /** When the file is thrown away, and its address leads nowhere; null before it is whole. */
  expiresAt: timestamp.nullable(),
  /** `too-many-rows`, or `failed`: the log says why. */
  failure: z.enum(['too-many-rows', 'failed']).nullable(),
});
export type ExportView = z.infer<typeof exportView>;
export const exportList = z.object({ exports: z.array(exportView) });
export const exportParam = z.strictObject({ id: z.uuid() });
