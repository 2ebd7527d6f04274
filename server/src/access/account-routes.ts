import { codeRequest, recoveryCodes, totpProposal } from '@bianmin/purchase/api/admin-login';
import { setupRequest } from '@bianmin/purchase/api/admin-users';
import type { AuditTrail } from './audit.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Sessions } from './sessions.ts';
import type { Setup } from './setup.ts';
import type { Users } from './users.ts';
import { ProblemError } from '../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, recordFor, whereOf } from './caller.ts';
import { passkeyRoutes, type PasskeyServices } from './passkey-routes.ts';
import { loginRoutes } from './login-routes.ts';

export interface AccountServices extends PasskeyServices {
  readonly sessions: Sessions;
  readonly factor: SecondFactor;
  readonly setup: Setup;
  readonly users: Users;
  readonly audit: AuditTrail;
}

const own = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

/** The second factor and the logins of an account, and the first account of all. */
export function adminAccountRoutes(services: AccountServices): AnyRoute[] {
  return [
    setupRoute(services),
    ...factorRoutes(services),
    ...passkeyRoutes(services),
    ...loginRoutes(services),
  ];
}

function setupRoute({ setup }: AccountServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/admin/setup',
    summary: 'Makes the first administrator, by the link that the server printed at its first start',
    tag: 'admin',
    auth: 'none',
    perMinute: 10,
    body: setupRequest,
    problems: ['setup.spent', 'user.weak-password'],
    handler: async (input) => {
      await setup.use(input.body, whereOf(input));
      return undefined;
    },
  });
}

function factorRoutes({ factor, sessions, audit }: AccountServices): AnyRoute[] {
  return [
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/me/totp',
      summary: 'Proposes a second factor; it counts once a code of it has come back',
      stepUp: 'factors',
      during: ['totp-setup'],
      response: totpProposal,
      handler: ({ principal }) => factor.begin(adminOf(principal)),
    }),
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/me/totp/confirm',
      summary: 'Takes the proposed second factor into use; shows recovery codes, this once',
      stepUp: 'factors',
      during: ['totp-setup'],
      perMinute: 30,
      body: codeRequest,
      response: recoveryCodes,
      problems: ['auth.totp'],
      handler: async (input) => {
        const admin = adminOf(input.principal);
        const { userId } = admin;
        await recordFor(audit, input, { action: 'user.totp-on', target: userId });
        const codes = await factor.turnOn(userId, input.body.code);
        if (codes !== null) {
          await sessions.hasFactor(admin);
          return { codes };
        }
        throw new ProblemError({
          code: 'auth.totp',
          message: 'This code is not from the second factor that was offered. Enter its newest code.',
        });
      },
    }),
    defineRoute({
      ...own,
      method: 'delete',
      path: '/v1/admin/me/totp',
      summary: 'Takes one’s own second factor away',
      stepUp: 'factors',
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        await recordFor(audit, input, { action: 'user.totp-off', target: userId });
        await factor.turnOff(userId);
        return undefined;
      },
    }),
  ];
}
