import { z } from 'zod';
import { adminApproval } from './approvals.ts';
import { orgId } from './org.ts';
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
const roleName = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/);
export const userIdParam = z.strictObject({ id: z.uuid() });
export const createUserRequest = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, { error: 'must be 2 to 32 of a-z, 0-9, dot, dash' }),
  password: newPassword,
  roles: z.array(roleName).max(16),
  /** Absent: the maker's own. */
  org: orgId.optional(),
});
/** `approval` is null where they are shut out; else a second person decides, and they stay until then. */
export const disabledUser = z.object({ user: adminUser, approval: adminApproval.nullable() });
/** The token is what stands behind `#` in the link that the server printed. */
export const setupRequest = createUserRequest
  .omit({ roles: true, org: true })
  .extend({ token: z.string().regex(/^[\w-]{43}$/) });
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
