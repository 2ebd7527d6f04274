import { z } from 'zod';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { adminRole, roleParam } from '@bianmin/purchase/api/admin-users';
import { PERMISSIONS } from '../kernel/permissions.ts';
import type { Roles } from './roles.ts';
import { versionSeenOrNone } from '../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { approvalView } from './approval-view.ts';
import { adminOf, whereOf } from './caller.ts';

const rolePermissionsRequest = z.strictObject({ permissions: z.array(z.enum(PERMISSIONS)) });

/** Roles. They are the same everywhere: users who manage users read them, the province's people change them. */
export function adminRoleRoutes({ roles }: { roles: Roles }): AnyRoute[] {
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
    defineRoute({
      method: 'put',
      path: '/v1/admin/roles/:name',
      stepUp: true,
      summary: 'Asks for a role to hold exactly these permissions, in the place of those that were seen',
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      permission: 'role:manage',
      ifMatch: 'or-new',
      params: roleParam,
      body: rolePermissionsRequest,
      status: 202,
      response: adminApproval,
      problems: ['auth.beyond-own'],
      handler: async (input) => {
        const change = {
          role: input.params.name,
          permissions: input.body.permissions,
          seen: versionSeenOrNone(input),
        };
        return approvalView(await roles.change(change, adminOf(input.principal), whereOf(input)));
      },
    }),
  ];
}
