import {
  adminUser,
  createdUser,
  createUserRequest,
  userIdParam,
  userOrgRequest,
  userPage,
  userQuery,
  userRolesRequest,
} from '@bianmin/purchase/api/admin-users';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { versionSeen } from '../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { approvalView } from './approval-view.ts';
import { adminOf, whereOf } from './caller.ts';
import { userAccountRoutes, type UserAccountServices } from './user-account-routes.ts';

const manage = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'user:manage' } as const;

/** Users within the caller's scope. Whatever gives power answers 202 with the approval that a second person decides. */
export function adminUserRoutes(services: UserAccountServices): AnyRoute[] {
  return [...readRoutes(services), ...editRoutes(services), ...userAccountRoutes(services)];
}

function readRoutes({ users }: UserAccountServices): AnyRoute[] {
  return [
    defineRoute({
      ...manage,
      method: 'get',
      path: '/v1/admin/users',
      summary: "Users of the caller's organisation and below, by name",
      query: userQuery,
      response: userPage,
      handler: ({ query, principal }) => {
        const { limit, ...of } = query;
        return users.list(of, limit, adminOf(principal).scope);
      },
    }),
    defineRoute({
      ...manage,
      method: 'get',
      path: '/v1/admin/users/:id',
      summary: 'One user',
      params: userIdParam,
      response: adminUser,
      etag: true,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) =>
        users.view(await users.getWithin(params.id, adminOf(principal).scope)),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/users',
      stepUp: true,
      summary:
        'Proposes a user, without a password by a one-time link that is shown this once; a second person lets them in, except where there never was one. New users allow nothing for a day',
      body: createUserRequest,
      status: 202,
      response: createdUser,
      problems: ['user.name-taken', 'user.weak-password', 'auth.beyond-own', 'request.not-found'],
      handler: async (input) => {
        const maker = adminOf(input.principal);
        const made = await users.create({ ...input.body, maker, where: whereOf(input) });
        return {
          user: await users.view(made.user),
          approval: made.approval && approvalView(made.approval),
          invitation: made.invitation,
        };
      },
    }),
  ];
}

/** What a user is allowed: edited as they were seen. */
function editRoutes({ users }: UserAccountServices): AnyRoute[] {
  const edit = { ...manage, method: 'put', stepUp: true, ifMatch: true, params: userIdParam } as const;
  return [
    defineRoute({
      ...edit,
      path: '/v1/admin/users/:id/roles',
      summary: 'Asks for a user to have exactly these roles',
      body: userRolesRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'auth.beyond-own'],
      handler: async (input) => {
        const change = { roles: input.body.roles, seen: versionSeen(input) };
        const maker = adminOf(input.principal);
        return approvalView(await users.changeRoles(input.params.id, change, maker, whereOf(input)));
      },
    }),
    defineRoute({
      ...edit,
      path: '/v1/admin/users/:id/org',
      summary: 'Asks for a user to be of another organisation, which is whose data they see',
      body: userOrgRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'auth.beyond-own'],
      handler: async (input) => {
        const change = { org: input.body.org, seen: versionSeen(input) };
        const maker = adminOf(input.principal);
        return approvalView(await users.moveTo(input.params.id, change, maker, whereOf(input)));
      },
    }),
  ];
}
