import { z } from 'zod';
import { timestamp } from './scalars.ts';

export const APPROVAL_STATUSES = ['open', 'accepted', 'refused', 'done', 'failed'] as const;
const person = z.object({ id: z.string(), name: z.string() });
/** What one person asked for and another must allow. */
export const adminApproval = z.object({
  id: z.string(),
  kind: z.string(),
  content: z.record(z.string(), z.unknown()),
  status: z.enum(APPROVAL_STATUSES),
  maker: person,
  createdAt: timestamp,
  checker: person.nullable(),
  decidedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  failure: z.string().nullable(),
});
export type AdminApproval = z.infer<typeof adminApproval>;
export const approvalIdParam = z.strictObject({ id: z.uuid() });
export const approvalQuery = z.strictObject({ status: z.enum(APPROVAL_STATUSES).optional() });
export const decideRequest = z.strictObject({ accept: z.boolean() });
