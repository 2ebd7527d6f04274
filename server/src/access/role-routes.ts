import { z } from 'zod';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { adminRole, roleParam, rolesFileRequest } from '@bianmin/purchase/api/admin-users';
import { PERMISSIONS } from '../kernel/permissions.ts';
import type { Roles } from './roles.ts';
import type { RolesFromFile } from './roles-file.ts';
import { versionSeen, versionSeenOrNone } from '../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { approvalView } from './approval-view.ts';
import { adminOf, whereOf } from './caller.ts';

const rolePermissionsRequest = z.strictObject({ permissions: z.array(z.enum(PERMISSIONS)) });

export interface RoleServices {
  readonly roles: Roles;
  readonly rolesFromFile: RolesFromFile;
}

const change = {
  tag: 'admin',
  auth: 'admin',
  scope: 'province',
  permission: 'role:manage',
  stepUp: true,
} as const;

/** Roles. They are the same everywhere: users who manage users read them, the province's people change them. */
export function adminRoleRoutes(services: RoleServices): AnyRoute[] {
  return [...readRoutes(services), ...changeRoutes(services)];
}

function readRoutes({ roles }: RoleServices): AnyRoute[] {
  const read = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'user:manage' } as const;
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/roles',
      summary: 'All roles',
      response: z.object({ roles: z.array(adminRole) }),
      handler: async () => ({ roles: await roles.list() }),
    }),
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/roles/:name',
      summary: 'One role',
      params: roleParam,
      response: adminRole,
      etag: true,
      problems: ['request.not-found'],
      handler: ({ params }) => roles.get(params.name),
    }),
  ];
}

/** Each asks: a second person decides. */
function changeRoutes({ roles, rolesFromFile }: RoleServices): AnyRoute[] {
  return [
    defineRoute({
      ...change,
      method: 'put',
      path: '/v1/admin/roles/:name',
      summary: 'Asks for a role to hold exactly these permissions, in the place of those that were seen',
      ifMatch: 'or-new',
      params: roleParam,
      body: rolePermissionsRequest,
      status: 202,
      response: adminApproval,
      problems: ['auth.beyond-own', 'role.name-taken'],
      handler: async (input) => {
        const asked = {
          role: input.params.name,
          permissions: input.body.permissions,
          seen: versionSeenOrNone(input),
        };
        return approvalView(await roles.change(asked, adminOf(input.principal), whereOf(input)));
      },
    }),
    defineRoute({
      ...change,
      method: 'delete',
      path: '/v1/admin/roles/:name',
      summary: 'Asks for a role that nobody has to be removed',
      ifMatch: true,
      params: roleParam,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'role.in-use'],
      handler: async (input) => {
        const asked = { role: input.params.name, seen: versionSeen(input) };
        return approvalView(await roles.remove(asked, adminOf(input.principal), whereOf(input)));
      },
    }),
    defineRoute({
      ...change,
      method: 'post',
      path: '/v1/admin/role-files',
      summary: 'Asks for the roles of a file, all of them by one approval; those that it does not name stay',
      body: rolesFileRequest,
      status: 202,
      response: adminApproval,
      problems: ['auth.beyond-own', 'role.name-taken', 'request.changed-meanwhile'],
      handler: async (input) =>
        approvalView(await rolesFromFile.request(input.body, adminOf(input.principal), whereOf(input))),
    }),
  ];
}
