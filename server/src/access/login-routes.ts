import { loginIdParam, loginList, type AdminLogin } from '@bianmin/purchase/api/admin-login';
import { userIdParam } from '@bianmin/purchase/api/admin-users';
import type { AuditTrail } from './audit.ts';
import type { AdminPrincipal, Sessions } from './sessions.ts';
import type { Users } from './users.ts';
import type { Session } from './store/sessions.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, recordFor } from './caller.ts';

const own = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

export interface LoginServices {
  readonly sessions: Sessions;
  readonly users: Users;
  readonly audit: AuditTrail;
}

/** Logins, one's own and others', and ending them. */
export function loginRoutes({ sessions, audit, users }: LoginServices): AnyRoute[] {
  const others = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'user:manage' } as const;
  const list = async (userId: string, by: AdminPrincipal): Promise<{ sessions: AdminLogin[] }> => ({
    sessions: (await sessions.of(userId)).map((each) => loginView(each, by)),
  });
  return [
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/me/sessions',
      summary: 'One’s own logins, newest first',
      response: loginList,
      handler: ({ principal }) => list(adminOf(principal).userId, adminOf(principal)),
    }),
    defineRoute({
      ...own,
      method: 'delete',
      path: '/v1/admin/me/sessions/:id',
      summary: 'Ends one of one’s own logins at once',
      params: loginIdParam,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        await recordFor(audit, input, { action: 'session.revoke', target: userId });
        await sessions.end(userId, input.params.id);
        return undefined;
      },
    }),
    defineRoute({
      ...others,
      method: 'get',
      path: '/v1/admin/users/:id/sessions',
      summary: 'A user’s logins, newest first',
      params: userIdParam,
      response: loginList,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        const by = adminOf(principal);
        return list((await users.getWithin(params.id, by.scope))._id, by);
      },
    }),
    defineRoute({
      ...others,
      method: 'delete',
      path: '/v1/admin/users/:id/sessions',
      summary: 'Ends every login of a user at once',
      params: userIdParam,
      problems: ['request.not-found'],
      handler: async (input) => {
        await users.getWithin(input.params.id, adminOf(input.principal).scope);
        await recordFor(audit, input, { action: 'session.revoke', target: input.params.id });
        await sessions.endAll(input.params.id);
        return undefined;
      },
    }),
  ];
}

function loginView(session: Session, by: AdminPrincipal): AdminLogin {
  const { _id, kind = 'bearer', createdAt, expiresAt, ip, agent } = session;
  return {
    ...{ id: _id, kind, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
    ...{ ip: ip ?? null, agent: agent ?? null, own: _id === by.session.id },
  };
}
