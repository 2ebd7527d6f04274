import { z } from 'zod';
import { adminApproval } from './approvals.ts';
import { orgId, orgNames } from './org.ts';
import { timestamp } from './scalars.ts';
import { newPassword } from './admin-login.ts';

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
  /** Until when their one-time link is good; null: there is none. */
  invitedUntil: timestamp.nullable(),
  /** There is a second factor. */
  totp: z.boolean(),
  /** Somebody gave too many wrong passwords, codes or PINs of theirs: from there nothing is taken for a while. */
  locked: z.boolean(),
  /** From when on they may allow what others ask for; null: now, as far as their roles let them. */
  approvesFrom: timestamp.nullable(),
  lastLoginAt: timestamp.nullable(),
  createdAt: timestamp,
  /** Its ETag, of roles, organisation and status: a change sends the one that was read as `If-Match`. */
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
/** By Unicode's properties, which few other readers of our OpenAPI document know: no pattern of a schema. */
const SEEN = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;
/** In any script: 1 to 40 characters that are seen, none that is part of an address (`/`, `\`). Compared without case. */
export const roleName = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^/\\]{1,40}$/u, { error: 'must be 1 to 40 characters, without slashes' })
  .refine((name) => SEEN.test(name), { error: 'must be characters that are seen' });
export const userIdParam = z.strictObject({ id: z.uuid() });
export const createUserRequest = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, { error: 'must be 2 to 32 of a-z, 0-9, dot, dash' }),
  /** To be told to them, and good for choosing another. Absent: they get a one-time link, by which they choose their own. */
  password: newPassword.optional(),
  roles: z.array(roleName).max(16),
  /** Absent: the maker's own. */
  org: orgId.optional(),
});
/** Whose bearer sets a password, once; it is shown this once. */
export const invitationLink = z.object({
  /** The part of the address behind the site's own: what opens it is behind `#`, which browsers send nowhere. */
  path: z.string(),
  expiresAt: timestamp,
});
export type InvitationLink = z.infer<typeof invitationLink>;
/** `approval` is null where they are let in at once, `invitation` where a password was given. */
export const createdUser = z.object({
  user: adminUser,
  approval: adminApproval.nullable(),
  invitation: invitationLink.nullable(),
});
export type CreatedUser = z.infer<typeof createdUser>;
/** `approval`: a second person must allow the link before it opens anything. */
export const invitedUser = z.object({ approval: adminApproval.nullable(), invitation: invitationLink });
export type InvitedUser = z.infer<typeof invitedUser>;
/** `approval` is null where they are shut out; else a second person decides, and they stay until then. */
export const disabledUser = z.object({ user: adminUser, approval: adminApproval.nullable() });
const linkToken = z.string().regex(/^[\w-]{43}$/);
/** The token is what stands behind `#` in an invitation's link. */
export const invitationRequest = z.strictObject({ token: linkToken });
/** What an invited person sees before they choose a password. */
export const invitationView = z.object({
  /** What they log in as. */
  name: z.string(),
  org: orgNames,
  roles: z.array(z.string()),
  /** They may take cash at a counter, for which they choose a PIN. */
  takesCash: z.boolean(),
  /** A second person has not allowed it yet: the link opens nothing until then. */
  waits: z.boolean(),
  expiresAt: timestamp,
});
export type InvitationView = z.infer<typeof invitationView>;
export const acceptInvitationRequest = invitationRequest.extend({ password: newPassword });
/** The token is what stands behind `#` in the link that the server printed. */
export const setupRequest = createUserRequest
  .omit({ roles: true, org: true })
  .extend({ password: newPassword, token: linkToken });
export const userOrgRequest = z.strictObject({ org: orgId });
/** Told to its owner by the administrator who asks for it, and good for choosing another. */
export const resetPasswordRequest = z.strictObject({ password: newPassword });
export const userRolesRequest = z.strictObject({ roles: z.array(roleName).max(16) });

export const adminRole = z.object({
  name: z.string(),
  permissions: z.array(z.string()),
  /** Its ETag: a change sends the one that was read as `If-Match`. */
  version: z.int(),
});
export type AdminRole = z.infer<typeof adminRole>;
export const roleParam = z.strictObject({ name: roleName });

/** Roles as a file: what one installation gives out, another takes. */
export const rolesFile = z.strictObject({
  format: z.literal('bianmin-roles/1'),
  roles: z
    .array(z.strictObject({ name: roleName, permissions: z.array(z.string().max(64)).max(200) }))
    .min(1)
    .max(100),
});
export type RolesFile = z.infer<typeof rolesFile>;
/** `seen`: the version of each role that differs, as it was when the file was compared; null: it was not there. */
export const rolesFileRequest = z.strictObject({
  file: rolesFile,
  seen: z.array(z.strictObject({ name: roleName, version: z.int().nullable() })).max(100),
});
