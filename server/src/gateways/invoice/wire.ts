import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The profile "invoice v1", docs/protocol/invoice-v1.md: JSON under a shared key. */
export const issueBody = z.object({
  requestNo: z.string().regex(/^[A-Za-z0-9]{6,32}$/),
  orderNo: z.string(),
  buyer: z.object({
    title: z.string().min(1).max(100),
    taxNo: z
      .string()
      .regex(/^[0-9A-Z]{15,20}$/)
      .optional(),
  }),
  totalFen: z.int().positive(),
  cancels: z.string().optional(),
});

export const evidenceBody = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), requestNo: z.string() }),
  z.object({
    status: z.literal('issued'),
    requestNo: z.string(),
    number: z.string().min(1),
    issuedAt: z.iso.datetime({ offset: true }),
    url: z.url(),
  }),
  z.object({ status: z.literal('refused'), requestNo: z.string(), reason: z.string() }),
  z.object({ status: z.literal('not-found'), requestNo: z.string() }),
]);
export type EvidenceBody = z.output<typeof evidenceBody>;

export const SIGNATURE_HEADER = 'x-invoice-signature';
/** Unix seconds; answers carry the request's, so that an old answer does not fit a new question. */
export const TIME_HEADER = 'x-invoice-time';

export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly time: string;
  readonly body: string;
}

/** HMAC-SHA-256 over method, path, time and body, each on its line; base64url. */
export function signatureOf(key: Buffer, { method, path, time, body }: Signed): string {
  return createHmac('sha256', key).update(`${method}\n${path}\n${time}\n${body}`).digest('base64url');
}

export function isSigned(key: Buffer, signed: Signed, signature: string | null | undefined): boolean {
  const due = Buffer.from(signatureOf(key, signed));
  const given = Buffer.from(signature ?? '');
  return given.length === due.length && timingSafeEqual(given, due);
}
