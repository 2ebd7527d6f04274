import { z } from 'zod';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { adminCardSession, cardSessionIdParam, cardSessionQuery } from '@bianmin/purchase/api/card-session';
import { driveRoutes, endRoutes, type DriveServices, type View } from './drive-routes.ts';
import type { KeptPayloads } from './kept.ts';
import { adminView } from './views.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf } from '../../access/caller.ts';

const admin = { tag: 'admin', auth: 'admin', permission: 'card:remote', scope: 'own' } as const;

export interface AdminCardSessionServices extends DriveServices {
  readonly kept: KeptPayloads;
  readonly layouts: CardLayouts;
}

/** Staff drive a card in a terminal's reader, step by step. */
export function adminCardSessionRoutes(services: AdminCardSessionServices): AnyRoute[] {
  const { sessions } = services;
  const view: View = (session, principal) => adminView(session, adminOf(principal).userId, services);
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/card-sessions',
      summary: 'The newest remote card sessions with their records',
      query: cardSessionQuery,
      response: z.object({ sessions: z.array(adminCardSession) }),
      handler: async ({ query, principal }) => {
        const found = await sessions.list(query.terminalId, adminOf(principal).scope);
        return { sessions: await Promise.all(found.map((session) => view(session, principal))) };
      },
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/card-sessions/:id',
      summary: 'A session as it is now; to whoever drives it also what the newest step read',
      params: cardSessionIdParam,
      response: adminCardSession,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) =>
        view(await sessions.getWithin(params.id, adminOf(principal).scope), principal),
    }),
    ...driveRoutes(services, view),
    ...endRoutes(services, view),
  ];
}
