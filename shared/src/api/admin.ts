import { z } from 'zod';
import { presence } from './heartbeat.ts';
import { orgId } from './org.ts';
import { terminalId, timestamp, words } from './scalars.ts';
import { TERMINAL_STATUSES } from './terminal.ts';

export const loginRequest = z.strictObject({
  name: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
  /** `cookie`: for the console's pages; `bearer`: for programs. */
  session: z.enum(['cookie', 'bearer']).default('bearer'),
});
/** What is still due before anything else may be done: the code, a password of one's own, a second factor. */
export const loginNext = z.enum(['ready', 'totp', 'password', 'totp-setup']);
export type LoginNext = z.infer<typeof loginNext>;
/** The token goes into `Authorization: Bearer …`; keep it in memory. */
export const loginResponse = z.object({ token: z.string(), expiresAt: timestamp, next: loginNext });
export type LoginResponse = z.infer<typeof loginResponse>;
/** The token is in a cookie that no script can read; changes carry `csrf` in `X-CSRF-Token`. */
export const cookieLoginResponse = z.object({ csrf: z.string(), expiresAt: timestamp, next: loginNext });
export type CookieLogin = z.infer<typeof cookieLoginResponse>;

export const adminMe = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.string()),
  /** An organisation: whose data they see. */
  scope: z.string(),
  /** Null for programs. */
  csrf: z.string().nullable(),
  next: loginNext,
  /** There is a second factor. */
  totp: z.boolean(),
  expiresAt: timestamp,
});
export type AdminMe = z.infer<typeof adminMe>;

/** Password or code once more, before money moves. Good for five minutes of this login. */
export const confirmRequest = z.union([
  z.strictObject({ password: z.string().min(1).max(256) }),
  z.strictObject({ code: z.string().min(6).max(32) }),
]);
/** Six digits of the authenticator, or a recovery code. */
export const codeRequest = z.strictObject({ code: z.string().min(6).max(32) });
/** Shown once: the secret in base32, and the same as `otpauth://…` for a QR code. */
export const totpProposal = z.object({ secret: z.string(), uri: z.string() });
/** Shown once; each stands in for one code of the authenticator. */
export const recoveryCodes = z.object({ codes: z.array(z.string()) });

export const adminLogin = z.object({
  id: z.string(),
  kind: z.enum(['cookie', 'bearer']),
  createdAt: timestamp,
  expiresAt: timestamp,
  ip: z.string().nullable(),
  /** The browser or program as it calls itself. */
  agent: z.string().nullable(),
  /** The one that asks. */
  own: z.boolean(),
});
export const loginList = z.object({ sessions: z.array(adminLogin) });
export type AdminLogin = z.infer<typeof adminLogin>;
export const loginIdParam = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });

/** A password that somebody chooses here: length is what counts (NIST SP 800-63B §3.1.1.2). */
export const newPassword = z.string().min(10).max(256);
export const changePasswordRequest = z.strictObject({
  current: z.string().min(1).max(256),
  next: newPassword,
});

export const adminTerminal = z.object({
  id: z.string(),
  kind: z.enum(['kiosk', 'box']),
  name: z.string(),
  version: z.string(),
  /** A box's browser engine, as it calls itself. */
  engine: z.string().nullable(),
  /** The organisation that it stands in; of old ones a name that somebody typed. */
  community: z.string().nullable(),
  /** Organisations from the province down to that one. */
  orgPath: z.array(z.string()),
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
export const terminalIdParam = z.strictObject({ id: terminalId });
export const terminalQuery = z.strictObject({
  status: z.enum(TERMINAL_STATUSES).optional(),
  community: orgId.optional(),
  /** The last of the page before. */
  after: terminalId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
/** `next`: hand it in as `after`; null: there are no more. */
export const terminalPage = z.object({ terminals: z.array(adminTerminal), next: z.string().nullable() });

/** Shown once, then nowhere: it accepts one terminal at its enrolment. */
export const enrolCodeResponse = z.object({ code: z.string(), expiresAt: timestamp });

export const USER_STATUSES = ['proposed', 'active', 'disabled'] as const;
export const adminUser = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  /** Whose data they see, and whose user managers see them. */
  org: z.string(),
  status: z.enum(USER_STATUSES),
  /** Another person made the password: a new one is due at the next login. */
  mustChange: z.boolean(),
  /** There is a second factor. */
  totp: z.boolean(),
  /** Too many wrong tries: nothing is taken for a while. */
  locked: z.boolean(),
  lastLoginAt: timestamp.nullable(),
  createdAt: timestamp,
  /** Its ETag, of roles, organisation and status: whoever changes them names the one that they saw in `If-Match`. */
  version: z.int(),
});
export type AdminUser = z.infer<typeof adminUser>;
export const userQuery = z.strictObject({
  /** With what is below it. */
  org: orgId.optional(),
  status: z.enum(USER_STATUSES).optional(),
  /** The last name of the page before. */
  after: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
/** `next`: hand it in as `after`; null: there are no more. */
export const userPage = z.object({ users: z.array(adminUser), next: z.string().nullable() });
const roleName = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/);
export const userIdParam = z.strictObject({ id: z.uuid() });
export const createUserRequest = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, { error: 'must be 2 to 32 of a-z, 0-9, dot, dash' }),
  password: newPassword,
  roles: z.array(roleName).max(16),
  /** Absent: the maker's own. */
  org: orgId.optional(),
});
/** The token is what stands behind `#` in the link that the server printed. */
export const setupRequest = createUserRequest
  .omit({ roles: true, org: true })
  .extend({ token: z.string().regex(/^[\w-]{43}$/) });
export const userOrgRequest = z.strictObject({ org: orgId });
/** Told to its owner by whoever asks for it, and good for choosing another. */
export const resetPasswordRequest = z.strictObject({ password: newPassword });
export const userRolesRequest = z.strictObject({ roles: z.array(roleName).max(16) });

export const adminRole = z.object({
  name: z.string(),
  permissions: z.array(z.string()),
  /** Its ETag: whoever changes it names the one that they saw in `If-Match`. */
  version: z.int(),
});
export type AdminRole = z.infer<typeof adminRole>;
export const roleParam = z.strictObject({ name: roleName });

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

const auditKind = z.enum(['admin', 'terminal', 'payer', 'system']);
const auditId = z.string().regex(/^[0-9a-f]{16}:\d{12}$/, { error: 'must be an entry’s id' });
/** Several hold together. */
const auditConditions = {
  /** Somebody's id, or a user's name. */
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
