import { z } from 'zod';
import { fen, orderNo, timestamp, words } from './scalars.ts';

/** What an electronic invoice is made out to. A title is a person's or a company's name: it is never shown back. */
export const invoiceRequest = z.object({
  /** 抬头. */
  title: words(1, 100),
  /** 纳税人识别号 or 统一社会信用代码 of a company. */
  taxNo: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[0-9A-Z]{15,20}$/, { error: 'must be 15 to 20 digits and letters' })
    .optional(),
});

export const invoiceView = z.object({
  requestNo: z.string(),
  orderNo,
  /** `red` cancels an earlier one. */
  kind: z.enum(['blue', 'red']),
  status: z.enum(['waiting', 'issued', 'refused']),
  totalFen: fen,
  number: z.string().nullable(),
  /** Where it is read. */
  url: z.url().nullable(),
  issuedAt: timestamp.nullable(),
  cancelled: z.boolean(),
  reason: z.string().nullable(),
  requestedAt: timestamp,
});
export type InvoiceView = z.infer<typeof invoiceView>;

export const invoiceList = z.object({ invoices: z.array(invoiceView) });
export const invoiceListQuery = z.object({
  status: z.enum(['waiting', 'issued', 'refused']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
