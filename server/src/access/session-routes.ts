import { z } from 'zod';
import {
  adminMe,
  changePasswordRequest,
  confirmRequest,
  cookieLoginResponse,
  loginRequest,
  loginResponse,
} from '@bianmin/purchase/api/admin-login';
import { byAdmin, type AuditTrail } from './audit.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, recordFor, whereOf } from './caller.ts';

export interface SessionRouteServices {
  readonly sessions: Sessions;
  readonly users: Users;
  readonly audit: AuditTrail;
}

/** Login, logout and one's own account. */
export function adminSessionRoutes(services: SessionRouteServices): AnyRoute[] {
  return [...loginRoutes(services), meRoute(services), ...confirmRoutes(services)];
}

function loginRoutes({ sessions, audit }: SessionRouteServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/admin/login',
      summary: 'Begins a session',
      tag: 'admin',
      auth: 'none',
      perMinute: 30,
      body: loginRequest,
      response: z.union([loginResponse, cookieLoginResponse]),
      problems: ['auth.bad-credentials', 'auth.locked'],
      handler: async (input) => {
        const { name, password, session: kind } = input.body;
        const where = whereOf(input);
        const login = await sessions.login(name, password, { kind, from: { ctx: input.ctx, where } });
        const { token, csrf, userId, next } = login;
        await audit.record(byAdmin({ userId }, { action: 'session.begin', target: userId, where }));
        const expiresAt = login.expiresAt.toISOString();
        return kind === 'cookie' ? { csrf, expiresAt, next } : { token, expiresAt, next };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/admin/logout',
      summary: 'Ends the session',
      tag: 'admin',
      auth: 'admin',
      during: ['totp', 'password', 'totp-setup'],
      scope: 'own',
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        await recordFor(audit, input, { action: 'session.end', target: userId });
        await sessions.logout(input.ctx);
        return undefined;
      },
    }),
  ];
}

function meRoute({ sessions }: SessionRouteServices): AnyRoute {
  return defineRoute({
    method: 'get',
    path: '/v1/admin/me',
    summary: 'Who is logged in and what they may do',
    tag: 'admin',
    auth: 'admin',
    during: ['totp', 'password', 'totp-setup'],
    scope: 'own',
    response: adminMe,
    handler: async ({ principal }) => {
      const { userId, name, permissions, newlyGiven, scope, session } = adminOf(principal);
      const { csrf, next, expiresAt, idle } = session;
      return {
        ...{ id: userId, name, permissions: [...permissions].toSorted(), scope },
        ...{ csrf, next, idle, expiresAt: expiresAt.toISOString() },
        ...(await sessions.factorsOf(userId)),
        ...(await sessions.approving(newlyGiven)),
      };
    },
  });
}

/** What asks for the password once more. */
function confirmRoutes({ sessions, users, audit }: SessionRouteServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/admin/me/confirm',
      summary:
        'Gives password, code or passkey once more, or what a login waits for, for what moves money or gives power in the next five minutes',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      during: ['totp'],
      perMinute: 30,
      body: confirmRequest,
      problems: ['auth.bad-credentials', 'auth.totp', 'auth.passkey', 'auth.locked'],
      handler: async (input) => {
        const admin = adminOf(input.principal);
        await recordFor(audit, input, { action: 'session.confirm', target: admin.userId });
        await sessions.confirm(admin, input.body, { ctx: input.ctx, where: whereOf(input) });
        return undefined;
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
      during: ['password'],
      problems: ['auth.bad-credentials', 'auth.locked', 'user.weak-password'],
      handler: async (input) => {
        const admin = adminOf(input.principal);
        await sessions.checkOwnPassword(admin, input.body.current, whereOf(input));
        await users.setOwnPassword(admin, input.body.next, whereOf(input));
        await sessions.endAll(admin.userId);
        return undefined;
      },
    }),
  ];
}
