import {
  savedFilter,
  savedFilterBody,
  savedFilterList,
  savedFilterParam,
  type SavedFilterView,
} from '@bianmin/shared/api/saved-filters';
import { filterIdOf, type SavedFilter, type SavedFilters } from '../../staff/saved-filters.ts';
import { defineRoute, type AnyRoute } from '../route.ts';
import { adminOf } from './caller.ts';

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
      summary: 'Keeps a filter under an id that the caller chose, in place of what was there',
      params: savedFilterParam,
      body: savedFilterBody,
      response: savedFilter,
      problems: ['filter.too-many'],
      handler: async ({ principal, params, body }) =>
        viewOf(await filters.put(adminOf(principal).userId, params.id, body)),
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

function viewOf(found: SavedFilter): SavedFilterView {
  const { name, filter, columns, updatedAt } = found;
  return { id: filterIdOf(found), name, filter, columns: [...columns], updatedAt: updatedAt.toISOString() };
}
