import {
  createOrgRequest,
  moveOrgRequest,
  orgParam,
  orgTree,
  orgView,
  renameOrgRequest,
} from '@bianmin/purchase/api/org';
import type { Orgs } from './orgs.ts';
import { versionSeen } from '../../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
const manage = { ...admin, permission: 'org:manage' } as const;

/** The tree of organisations, as far as the caller's scope goes. */
export function adminOrgRoutes({ orgs }: { orgs: Orgs }): AnyRoute[] {
  return [...treeRoutes(orgs), ...changeRoutes(orgs)];
}

function treeRoutes(orgs: Orgs): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/orgs',
      summary: "The caller's own organisation with everything below it, parents before children",
      response: orgTree,
      handler: async ({ principal }) => ({ orgs: await orgs.tree(adminOf(principal).scope) }),
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/orgs/:id',
      summary: 'One organisation',
      params: orgParam,
      response: orgView,
      etag: true,
      problems: ['request.not-found'],
      handler: ({ params, principal }) => orgs.view(params.id, adminOf(principal).scope),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/orgs',
      summary: 'Makes a community below the province or a prefecture',
      status: 201,
      body: createOrgRequest,
      response: orgView,
      etag: true,
      problems: ['request.not-found'],
      handler: (input) => orgs.create(input.body, adminOf(input.principal), whereOf(input)),
    }),
  ];
}

/** Each is edited as it was seen. */
function changeRoutes(orgs: Orgs): AnyRoute[] {
  const changing = {
    ...manage,
    params: orgParam,
    ifMatch: true,
    problems: ['request.not-found'],
  } as const;
  return [
    defineRoute({
      ...changing,
      method: 'put',
      path: '/v1/admin/orgs/:id/names',
      summary: 'Names an organisation anew',
      body: renameOrgRequest,
      response: orgView,
      etag: true,
      handler: (input) => {
        const change = { ...input.body, version: versionSeen(input) };
        return orgs.rename(input.params.id, change, adminOf(input.principal), whereOf(input));
      },
    }),
    defineRoute({
      ...changing,
      method: 'put',
      path: '/v1/admin/orgs/:id/parent',
      summary: 'Moves a community with its terminals; orders stay where they were made',
      body: moveOrgRequest,
      response: orgView,
      etag: true,
      problems: ['request.not-found', 'user.last-checker'],
      handler: (input) => {
        const change = { ...input.body, version: versionSeen(input) };
        return orgs.move(input.params.id, change, adminOf(input.principal), whereOf(input));
      },
    }),
    defineRoute({
      ...changing,
      method: 'delete',
      path: '/v1/admin/orgs/:id',
      summary: 'Removes a community that nothing is of any more',
      status: 204,
      problems: ['request.not-found', 'org.not-empty'],
      handler: async (input) => {
        await orgs.remove(input.params.id, versionSeen(input), adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
  ];
}
