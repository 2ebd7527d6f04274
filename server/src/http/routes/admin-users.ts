import { z } from 'zod';
import {
  adminApproval,
  adminRole,
  adminUser,
  createUserRequest,
  roleParam,
  userIdParam,
  userRolesRequest,
  type AdminUser,
} from '@bianmin/shared/api/admin';
import { PERMISSIONS } from '../../access/permissions.ts';
import type { Users } from '../../access/users.ts';
import type { User, UserStore } from '../../store/users.ts';
import { defineRoute, type AnyRoute } from '../route.ts';
import { approvalView } from './admin-approvals.ts';
import { adminOf, whereOf } from './caller.ts';

const rolePermissionsRequest = z.strictObject({ permissions: z.array(z.enum(PERMISSIONS)) });

/** Users and roles. Whatever gives permissions answers 202 with the approval that a second person decides. */
export function adminUserRoutes(services: { users: Users; store: UserStore }): AnyRoute[] {
  const { users, store } = services;
  const admin = { tag: 'admin', auth: 'admin', scope: 'province' } as const;
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/users',
      summary: 'All users',
      permission: 'user:manage',
      response: z.object({ users: z.array(adminUser) }),
      handler: async () => ({ users: (await store.list()).map(userView) }),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/users',
      stepUp: true,
      summary: 'Proposes a user; a second person lets them in, except where there is only one person yet',
      permission: 'user:manage',
      body: createUserRequest,
      status: 202,
      response: z.object({ user: adminUser, approval: adminApproval.nullable() }),
      problems: ['user.name-taken', 'auth.beyond-own'],
      handler: async (input) => {
        const { user, approval } = await users.create({
          ...input.body,
          maker: adminOf(input.principal),
          where: whereOf(input),
        });
        return { user: userView(user), approval: approval && approvalView(approval) };
      },
    }),
    defineRoute({
      ...admin,
      method: 'put',
      path: '/v1/admin/users/:id/roles',
      stepUp: true,
      summary: 'Asks for a user to have exactly these roles',
      permission: 'user:manage',
      params: userIdParam,
      body: userRolesRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'auth.beyond-own'],
      handler: async (input) => {
        const maker = adminOf(input.principal);
        const approval = await users.changeRoles(input.params.id, input.body.roles, maker, whereOf(input));
        return approvalView(approval);
      },
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/users/:id/disable',
      stepUp: true,
      summary: 'Shuts a user out at once',
      permission: 'user:manage',
      params: userIdParam,
      response: adminUser,
      problems: ['request.not-found'],
      handler: async (input) =>
        userView(await users.disable(input.params.id, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/roles',
      summary: 'All roles',
      permission: 'user:manage',
      response: z.object({ roles: z.array(adminRole) }),
      handler: async () => ({
        roles: (await store.roles()).map(({ _id, permissions }) => ({
          name: _id,
          permissions: [...permissions],
        })),
      }),
    }),
    defineRoute({
      ...admin,
      method: 'put',
      path: '/v1/admin/roles/:name',
      stepUp: true,
      summary: 'Asks for a role to hold exactly these permissions',
      permission: 'role:manage',
      params: roleParam,
      body: rolePermissionsRequest,
      status: 202,
      response: adminApproval,
      problems: ['auth.beyond-own'],
      handler: async (input) => {
        const { permissions } = input.body;
        const maker = adminOf(input.principal);
        return approvalView(await users.changeRole(input.params.name, permissions, maker, whereOf(input)));
      },
    }),
  ];
}

function userView(user: User): AdminUser {
  const { _id, name, roles, status, createdAt } = user;
  return { id: _id, name, roles: [...roles], status, createdAt: createdAt.toISOString() };
}
