import { cohorts } from '@bianmin/purchase/api/heartbeat';
import { versionCounts } from '@bianmin/purchase/api/rollout';
import type { Cohorts } from './cohorts.ts';
import { versionCountsOf } from './version-counts.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf } from '../../access/caller.ts';

/** The fleet as a whole. */
export function adminFleetRoutes(services: { readonly cohorts: Cohorts }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/admin/fleet/cohorts',
      summary:
        "Terminals of the caller's scope by version, reader and prefecture, with who is there and what failed",
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:read',
      scope: 'own',
      response: cohorts,
      handler: async ({ principal }) => {
        const { at, cohorts: found } = await services.cohorts.of(adminOf(principal).scope);
        return { asOf: new Date(at).toISOString(), cohorts: [...found] };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/admin/fleet/versions',
      summary: "How many terminals of the caller's scope run which version in which prefecture",
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:read',
      scope: 'own',
      response: versionCounts,
      handler: async ({ principal }) => {
        const { at, cohorts: found } = await services.cohorts.of(adminOf(principal).scope);
        return { asOf: new Date(at).toISOString(), counts: versionCountsOf(found) };
      },
    }),
  ];
}
