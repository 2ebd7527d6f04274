import {
  savedFilter,
  savedFilterBody,
  savedFilterList,
  savedFilterParam,
} from '@bianmin/purchase/api/saved-filters';
import { viewOf, type SavedFilters } from './saved-filters.ts';
import { versionSeenOrNone } from '../../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf } from '../../access/caller.ts';

/** Searches for orders that a user kept; each sees their own. */
export function adminSavedFilterRoutes(filters: SavedFilters): AnyRoute[] {
  const own = { tag: 'admin', auth: 'admin', permission: 'order:read', scope: 'own' } as const;
  return [
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/saved-filters',
      summary: "The caller's own filters of orders, by name",
      response: savedFilterList,
      handler: async ({ principal }) => ({
        filters: (await filters.list(adminOf(principal).userId)).map(viewOf),
      }),
    }),
    defineRoute({
      ...own,
      method: 'put',
      path: '/v1/admin/saved-filters/:id',
      summary: 'Keeps a filter under an id that the caller chose, in the place of what was seen there',
      params: savedFilterParam,
      body: savedFilterBody,
      response: savedFilter,
      etag: true,
      ifMatch: 'or-new',
      problems: ['filter.too-many'],
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        return viewOf(await filters.put(userId, input.params.id, input.body, versionSeenOrNone(input)));
      },
    }),
    defineRoute({
      ...own,
      method: 'delete',
      path: '/v1/admin/saved-filters/:id',
      summary: 'Forgets a filter; one that is not there is forgotten already',
      params: savedFilterParam,
      status: 204,
      handler: async ({ principal, params }) => {
        await filters.remove(adminOf(principal).userId, params.id);
        return undefined;
      },
    }),
  ];
}
