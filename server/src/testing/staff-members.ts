import type { AdminPrincipal } from '../access/sessions.ts';
import { PERMISSIONS, type Permission } from '../kernel/permissions.ts';
import type { AdminSession } from '../kernel/principal.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';

/** A login of just now. */
export const READY: AdminSession = {
  ...{
    id: 'a'.repeat(64),
    kind: 'bearer',
    next: 'ready',
    fresh: true,
    freshFactors: true,
    csrf: null,
    idle: null,
  },
  expiresAt: new Date('2099-01-01'),
};

export const HERE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };

/** A person of the province with these permissions; all of them where none are named. */
export function staffMember(
  userId: string,
  permissions: readonly Permission[] = PERMISSIONS,
  scope = WHOLE_PROVINCE,
): AdminPrincipal {
  return { kind: 'admin', userId, name: userId, permissions: new Set(permissions), scope, session: READY };
}

export const ANNA = staffMember('anna');
export const BORIS = staffMember('boris');
