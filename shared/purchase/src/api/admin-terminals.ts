import { z } from 'zod';
import { presence } from './heartbeat.ts';
import { orgId } from './org.ts';
import { terminalId, timestamp, words } from './scalars.ts';
import { TERMINAL_STATUSES } from './terminal.ts';

export const adminTerminal = z.object({
  id: z.string(),
  kind: z.enum(['kiosk', 'box']),
  name: z.string(),
  version: z.string(),
  /** A box's browser engine, as it calls itself. */
  engine: z.string().nullable(),
  /** The organisation that it stands in; of old ones a name that was typed. */
  community: z.string().nullable(),
  /** Organisations from the province down to that one. */
  orgPath: z.array(z.string()),
  /** How whoever goes there finds it; null: nobody said. */
  address: z.string().nullable(),
  status: z.enum(TERMINAL_STATUSES),
  /** First characters of the signing key's RFC 7638 thumbprint, to compare with the terminal's own screen. */
  fingerprint: z.string(),
  enrolledAt: timestamp,
  decidedAt: timestamp.nullable(),
  decidedBy: z.string().nullable(),
  /** Why it was suspended or retired, or let in again. */
  reason: z.string().nullable(),
  presence,
  /** When it was last heard; null: never. */
  seenAt: timestamp.nullable(),
  /** It last said that it sells nothing, by command. */
  blocked: z.boolean(),
});
export type AdminTerminal = z.infer<typeof adminTerminal>;
/** Why a terminal is cut off, or let in again. */
export const terminalReason = z.strictObject({ reason: words(3, 200) });
/** Street, house, floor, desk. */
export const terminalAddress = z.strictObject({ address: words(2, 120) });
export const terminalIdParam = z.strictObject({ id: terminalId });
export const terminalQuery = z.strictObject({
  /** This one alone. */
  id: terminalId.optional(),
  status: z.enum(TERMINAL_STATUSES).optional(),
  community: orgId.optional(),
  /** The last of the page before. */
  after: terminalId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
/** `next`: hand it in as `after`; null: there are no more. */
export const terminalPage = z.object({ terminals: z.array(adminTerminal), next: z.string().nullable() });

/** More terminals that the caller may let in, once a second person allows it. */
export const allowanceRequest = z.strictObject({
  more: z.int().min(1).max(100_000),
  reason: words(3, 200),
});
export type AllowanceRequest = z.infer<typeof allowanceRequest>;

/** Shown once, then nowhere: it accepts one terminal at its enrolment. */
export const enrolCodeResponse = z.object({ code: z.string(), expiresAt: timestamp });
