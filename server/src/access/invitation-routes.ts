import { cookieLoginResponse } from '@bianmin/purchase/api/admin-login';
import {
  acceptInvitationRequest,
  invitationRequest,
  invitationView,
  invitedUser,
  userIdParam,
} from '@bianmin/purchase/api/admin-users';
import { byAdmin, type AuditTrail } from './audit.ts';
import { approvalView } from './approval-view.ts';
import type { Invitations } from './invitations.ts';
import type { Sessions } from './sessions.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, whereOf } from './caller.ts';

export interface InvitationServices {
  readonly invitations: Invitations;
  readonly sessions: Pick<Sessions, 'login'>;
  readonly audit: AuditTrail;
}

/** One-time links: made and revoked by who manages users, opened by whom they are for. */
export function invitationRoutes(services: InvitationServices): AnyRoute[] {
  return [...manageRoutes(services), ...bearerRoutes(services)];
}

function manageRoutes({ invitations }: InvitationServices): AnyRoute[] {
  const manage = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'user:manage' } as const;
  const path = '/v1/admin/users/:id/invitation';
  const one = { ...manage, path, stepUp: true, params: userIdParam } as const;
  return [
    defineRoute({
      ...one,
      method: 'post',
      summary:
        'Makes a user another one-time link, shown this once; it opens nothing until a second person allows it',
      status: 202,
      response: invitedUser,
      problems: ['request.not-found', 'request.changed-meanwhile', 'auth.beyond-own'],
      handler: async (input) => {
        const maker = adminOf(input.principal);
        const { approval, invitation } = await invitations.again(input.params.id, maker, whereOf(input));
        return { approval: approval && approvalView(approval), invitation };
      },
    }),
    defineRoute({
      ...one,
      method: 'delete',
      summary: "Revokes a user's one-time link",
      problems: ['request.not-found'],
      handler: async (input) => {
        await invitations.revoke(input.params.id, adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
  ];
}

/** By the token that stands behind `#` in the link. */
function bearerRoutes({ invitations, sessions, audit }: InvitationServices): AnyRoute[] {
  const bearer = { tag: 'admin', auth: 'none', method: 'post' } as const;
  return [
    defineRoute({
      ...bearer,
      path: '/v1/admin/invitations/look',
      summary: 'Whom a one-time link is for, and whether it has been allowed',
      perMinute: 30,
      body: invitationRequest,
      response: invitationView,
      problems: ['invitation.spent'],
      handler: (input) => invitations.look(input.body.token, whereOf(input)),
    }),
    defineRoute({
      ...bearer,
      path: '/v1/admin/invitations/accept',
      summary: 'Sets the password of whom a one-time link is for, and begins their session',
      perMinute: 10,
      body: acceptInvitationRequest,
      response: cookieLoginResponse,
      problems: ['invitation.spent', 'invitation.waits', 'user.weak-password', 'auth.locked'],
      handler: async (input) => {
        const where = whereOf(input);
        const name = await invitations.accept(input.body, where);
        const from = { ctx: input.ctx, where };
        const login = await sessions.login(name, input.body.password, { kind: 'cookie', from });
        const { csrf, userId, next } = login;
        await audit.record(byAdmin({ userId }, { action: 'session.begin', target: userId, where }));
        return { csrf, expiresAt: login.expiresAt.toISOString(), next };
      },
    }),
  ];
}
