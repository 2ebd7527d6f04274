import { PERMISSIONS } from '../../kernel/permissions.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';

function person(userId: string): AdminPrincipal {
  return {
    ...{ kind: 'admin', userId, name: userId, permissions: new Set(PERMISSIONS), scope: WHOLE_PROVINCE },
    session: {
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
    },
  };
}

/** Asks. */
export const ANNA = person('anna');
/** Allows. */
export const BORIS = person('boris');
/** From where they do. */
export const OFFICE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };
