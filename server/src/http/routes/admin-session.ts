import { adminMe, changePasswordRequest, loginRequest, loginResponse } from '@bianmin/shared/api/admin';
import type { AuditTrail } from '../../access/audit.ts';
import { sha256Hex } from '../../access/canonical.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { Users } from '../../access/users.ts';
import { defineRoute, type AnyRoute } from '../route.ts';
import { adminOf, whereOf } from './caller.ts';

/** Login, logout and one's own account. */
export function adminSessionRoutes(services: {
  sessions: Sessions;
  users: Users;
  audit: AuditTrail;
}): AnyRoute[] {
  const { sessions, users, audit } = services;
  return [
    defineRoute({
      method: 'post',
      path: '/v1/admin/login',
      summary: 'Begins a session',
      tag: 'admin',
      auth: 'none',
      perMinute: 30,
      body: loginRequest,
      response: loginResponse,
      problems: ['auth.bad-credentials'],
      handler: async (input) => {
        const { name, password } = input.body;
        const where = whereOf(input);
        try {
          const { token, userId, expiresAt } = await sessions.login(name, password);
          const who = { kind: 'admin', id: userId } as const;
          await audit.record({ who, action: 'session.begin', target: userId, where });
          return { token, expiresAt: expiresAt.toISOString() };
        } catch (error) {
          // A name that was typed wrong may be a password: only its digest is kept.
          const who = { kind: 'system', id: 'login' } as const;
          await audit.record({ who, action: 'session.refuse', target: sha256Hex(name).slice(0, 16), where });
          throw error;
        }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/admin/logout',
      summary: 'Ends the session',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        const who = { kind: 'admin', id: userId } as const;
        await audit.record({ who, action: 'session.end', target: userId, where: whereOf(input) });
        await sessions.logout(input.ctx);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/admin/me',
      summary: 'Who is logged in and what they may do',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      response: adminMe,
      handler: ({ principal }) => {
        const { userId, name, permissions } = adminOf(principal);
        return Promise.resolve({ id: userId, name, permissions: [...permissions].toSorted() });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/admin/me/password',
      summary: 'Changes one’s own password and ends all of one’s sessions',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      perMinute: 30,
      body: changePasswordRequest,
      problems: ['auth.bad-credentials'],
      handler: async (input) => {
        const admin = adminOf(input.principal);
        await sessions.checkPassword(admin.name, input.body.current);
        await users.setOwnPassword(admin, input.body.next, whereOf(input));
        await sessions.endAll(admin.userId);
        return undefined;
      },
    }),
  ];
}
