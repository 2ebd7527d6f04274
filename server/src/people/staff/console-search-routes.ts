import { adminSearchFound, adminSearchRequest } from '@bianmin/purchase/api/admin-search';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { ConsoleSearch } from './console-search.ts';

/** What the console's one search asks. */
export function adminConsoleSearchRoutes(search: Pick<ConsoleSearch, 'find'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/admin/search',
      summary:
        'Orders, households, terminals, cases and refunds by whatever is in hand, as far as the caller may see each; a look at a household is recorded',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      body: adminSearchRequest,
      response: adminSearchFound,
      handler: (input) => search.find(input.body.text, adminOf(input.principal), whereOf(input)),
    }),
  ];
}
