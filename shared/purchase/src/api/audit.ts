import { z } from 'zod';
import { timestamp } from './scalars.ts';

const auditKind = z.enum(['admin', 'terminal', 'payer', 'system']);
const auditId = z.string().regex(/^[0-9a-f]{16}:\d{12}$/, { error: 'must be an entry’s id' });
/** Several hold together. */
const auditConditions = {
  /** The actor's id, or a user's name. */
  who: z.string().min(1).max(64).optional(),
  kind: auditKind.optional(),
  /** `subject.verb`. */
  action: z.string().min(1).max(64).optional(),
  target: z.string().min(1).max(128).optional(),
  /** At or after. */
  from: timestamp.optional(),
  /** Before. */
  to: timestamp.optional(),
};
export const auditQuery = z.strictObject({
  ...auditConditions,
  /** The last of the page before. */
  after: auditId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** What a file of entries holds. */
export const auditFileQuery = z.strictObject(auditConditions);
export const auditEntry = z.object({
  id: z.string(),
  at: timestamp,
  /** `name`: of a user. */
  who: z.object({ kind: auditKind, id: z.string(), name: z.string().nullable() }),
  action: z.string(),
  target: z.string(),
  where: z.object({ ip: z.string(), traceId: z.string() }),
  /** What was done in detail; where something was changed, `before` and `after`. */
  data: z.record(z.string(), z.unknown()),
  /** Of the entry before in its chain; of a chain's first one, the newest of any chain then. */
  prev: z.string(),
  digest: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntry>;
/** `next`: hand it in as `after`; null: there are no more. */
export const auditPage = z.object({ entries: z.array(auditEntry), next: z.string().nullable() });

const auditHead = z.object({ writer: z.string(), n: z.int(), digest: z.string() });
export const auditVerification = z.object({
  /** When it was found. */
  at: timestamp,
  entries: z.int(),
  chains: z.int(),
  /** `code` is one of docs/decisions/0019-the-end-of-the-trail.md. */
  faults: z.array(z.object({ code: z.string(), entry: z.string(), says: z.string() })),
  /** Faults that are not named. */
  more: z.int(),
  /** Last entries without a seal: their process ended, or is, between an entry and its seal. */
  unsealed: z.array(z.string()),
  /** How far the chains that moved last have come. */
  heads: z.array(auditHead.extend({ at: timestamp })),
});
export type AuditVerification = z.infer<typeof auditVerification>;
/** All heads, to be kept outside of the database: `npm run audit -- check <file>` holds the trail beside them. */
export const auditHeadsFile = z.object({ at: timestamp, heads: z.array(auditHead) });
export type AuditHeadsFile = z.infer<typeof auditHeadsFile>;
