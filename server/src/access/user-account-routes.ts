import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  adminUser,
  disabledUser,
  resetPasswordRequest,
  userIdParam,
} from '@bianmin/purchase/api/admin-users';
import type { UserResets } from './user-resets.ts';
import type { Users } from './users.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { approvalView } from './approval-view.ts';
import { adminOf, whereOf } from './caller.ts';

const manage = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'user:manage' } as const;

export interface UserAccountServices {
  readonly users: Users;
  readonly resets: UserResets;
}

/** Shutting out, letting in again, and what a user lost. */
export function userAccountRoutes({ users, resets }: UserAccountServices): AnyRoute[] {
  const write = { ...manage, method: 'post', stepUp: true, params: userIdParam } as const;
  return [
    defineRoute({
      ...write,
      path: '/v1/admin/users/:id/disable',
      summary:
        'Shuts a user out at once; the last other person who may allow something is asked for, and stays until it is allowed',
      response: disabledUser,
      problems: ['request.not-found'],
      handler: async (input) => {
        const done = await users.disable(input.params.id, adminOf(input.principal), whereOf(input));
        return { user: await users.view(done.user), approval: done.approval && approvalView(done.approval) };
      },
    }),
    defineRoute({
      ...write,
      path: '/v1/admin/users/:id/enable',
      summary: 'Asks for a user who was shut out to be let in again',
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'request.changed-meanwhile', 'auth.beyond-own'],
      handler: async (input) =>
        approvalView(await users.enable(input.params.id, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...write,
      path: '/v1/admin/users/:id/password',
      summary: 'Asks for a password that its owner must change at the next login',
      body: resetPasswordRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'user.weak-password', 'auth.beyond-own'],
      handler: async (input) => {
        const maker = adminOf(input.principal);
        const { password } = input.body;
        return approvalView(await resets.password(input.params.id, password, maker, whereOf(input)));
      },
    }),
    defineRoute({
      ...write,
      path: '/v1/admin/users/:id/totp-reset',
      summary: 'Asks for the second factor of somebody who lost it to be taken away',
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'request.changed-meanwhile', 'auth.beyond-own'],
      handler: async (input) =>
        approvalView(await resets.secondFactor(input.params.id, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...write,
      path: '/v1/admin/users/:id/unlock',
      summary: 'Lets a user try again who gave too many wrong passwords or codes; five times a day',
      response: adminUser,
      problems: ['request.not-found', 'request.rate-limited'],
      handler: async (input) =>
        users.view(await users.unlock(input.params.id, adminOf(input.principal), whereOf(input))),
    }),
  ];
}
