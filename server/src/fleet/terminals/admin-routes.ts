import {
  adminTerminal,
  type AdminTerminal,
  terminalAddress,
  terminalIdParam,
  terminalPage,
  terminalQuery,
} from '@bianmin/purchase/api/admin-terminals';
import { placeRequest } from '@bianmin/purchase/api/org';
import { adminOf, recordFor } from '../../access/caller.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import type { Repairs } from '../repairs/repairs.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { Terminal } from '../store/terminals.ts';
import { enrolCodeRoutes, type EnrolCodeServices } from './enrol-code-routes.ts';
import { standingRoutes, type StandingServices } from './standing-routes.ts';
import { noTerminal, viewsOf, viewWith } from './terminal-view.ts';

export interface AdminTerminalServices extends StandingServices, EnrolCodeServices {
  readonly orgs: Orgs;
  readonly repairs: Pick<Repairs, 'follow'>;
}

/** The fleet as an administrator sees it. */
export function adminTerminalRoutes(services: AdminTerminalServices): AnyRoute[] {
  return [
    listRoute(services),
    ...standingRoutes(services),
    placeRoute(services),
    addressRoute(services),
    ...enrolCodeRoutes(services),
  ];
}

function listRoute(services: AdminTerminalServices): AnyRoute {
  return defineRoute({
    method: 'get',
    path: '/v1/admin/terminals',
    summary: "Terminals within the caller's scope, newest first",
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:read',
    scope: 'own',
    query: terminalQuery,
    response: terminalPage,
    handler: async ({ query, principal }) => {
      const { limit, ...rest } = query;
      const { scope } = adminOf(principal);
      const found = await services.terminals.list({ ...rest, limit: limit + 1 }, scope);
      const shown = found.slice(0, limit);
      return {
        terminals: await viewsOf(services, shown),
        next: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
      };
    },
  });
}

function placeRoute(services: AdminTerminalServices): AnyRoute {
  return defineRoute({
    method: 'put',
    path: '/v1/admin/terminals/:id/community',
    summary:
      'Puts a terminal into an organisation: statements go by it, and its orders are that one’s from now on',
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    scope: 'own',
    stepUp: true,
    params: terminalIdParam,
    body: placeRequest,
    response: adminTerminal,
    problems: ['request.not-found'],
    handler: async (input) => {
      const { id } = input.params;
      const { community } = input.body;
      const { scope } = adminOf(input.principal);
      const known = await services.terminals.getWithin(id, scope);
      if (known === null) throw noTerminal();
      await services.orgs.getWithin(community, scope);
      const data = { before: { community: known.community ?? null }, after: { community } };
      await recordFor(services.audit, input, { action: 'terminal.place', target: id, data });
      await services.orgs.place(id, community, scope);
      services.forget(id);
      return moved(services, await services.terminals.get(id));
    },
  });
}

function addressRoute(services: AdminTerminalServices): AnyRoute {
  return defineRoute({
    method: 'put',
    path: '/v1/admin/terminals/:id/address',
    summary: 'Says how whoever goes to a terminal finds it',
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    scope: 'own',
    params: terminalIdParam,
    body: terminalAddress,
    response: adminTerminal,
    problems: ['request.not-found'],
    handler: async (input) => {
      const { id } = input.params;
      const { address } = input.body;
      const known = await services.terminals.getWithin(id, adminOf(input.principal).scope);
      if (known === null) throw noTerminal();
      const data = { before: { address: known.address ?? null }, after: { address } };
      await recordFor(services.audit, input, { action: 'terminal.address', target: id, data });
      return moved(services, await services.terminals.setAddress(id, address));
    },
  });
}

/** What stands elsewhere by now is looked for there. */
async function moved(services: AdminTerminalServices, now: Terminal | null): Promise<AdminTerminal> {
  if (now === null) throw noTerminal();
  await services.repairs.follow(now);
  return viewWith(services, now);
}
