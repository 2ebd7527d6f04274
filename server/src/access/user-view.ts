import type { AdminUser } from '@bianmin/purchase/api/admin-users';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { User } from './store/users.ts';

/** What the trail keeps of a user: what others may change. */
export function shown({ roles, scope = PROVINCE, status }: User): Record<string, unknown> {
  return { roles: [...roles], org: scope, status };
}

/** A user as those see them who manage them. */
export function viewOf(
  user: User,
  of: { locked: boolean; passkey: boolean; invitedUntil: Date | null; approvesFrom: Date | null },
): AdminUser {
  const { _id, name, roles, status, createdAt, scope, totp, mustChange, lastLoginAt, version } = user;
  return {
    ...{ id: _id, name, roles: [...roles], org: scope ?? PROVINCE, status, locked: of.locked },
    approvesFrom: of.approvesFrom?.toISOString() ?? null,
    ...{ mustChange: mustChange === true, totp: totp !== undefined || of.passkey },
    invitedUntil: of.invitedUntil?.toISOString() ?? null,
    lastLoginAt: lastLoginAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    version: version ?? 0,
  };
}
