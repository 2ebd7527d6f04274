import {
  joinedPhoneVisit,
  joinedPortalSession,
  joinPhoneVisit,
  joinPortalSession,
  openedPhoneVisit,
  openPortalSession,
  portalCommandRequest,
  portalFollowQuery,
  portalSession,
  portalSessionId,
  portalState,
  syncedPortalSession,
  syncPortalSession,
} from '@bianmin/purchase/api/portal';
import type { PortalSessions } from './sessions.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

/** What holds the page's key; a header, so that it is in no log of addresses. */
const PORTAL_KEY_HEADER = 'X-Portal-Key';

/**
 * A portal's page, or a phone that scanned a box's screen, on one side, the app on the other. Limits suit a community
 * behind one address.
 */
export function portalRoutes({ portal }: { readonly portal: PortalSessions }): AnyRoute[] {
  return [...pageRoutes(portal), ...appRoutes(portal)];
}

function pageRoutes(portal: PortalSessions): AnyRoute[] {
  const page = { tag: 'portal', auth: 'none' } as const;
  return [
    defineRoute({
      ...page,
      method: 'post',
      path: '/v1/portal/sessions',
      summary: 'Begins a visit: a token for the app to be started with, a key to follow it by',
      perMinute: 120,
      body: openPortalSession,
      response: portalSession,
      handler: ({ body }) => portal.open(body.entry),
    }),
    defineRoute({
      ...page,
      method: 'get',
      path: '/v1/portal/sessions/:id',
      summary: 'What the app shows now, for whoever has the key',
      perMinute: 6_000,
      params: portalSessionId,
      query: portalFollowQuery,
      response: portalState,
      problems: ['request.not-found'],
      handler: ({ ctx, params, query }) => portal.follow(params.id, ctx.get(PORTAL_KEY_HEADER), query.after),
    }),
    defineRoute({
      ...page,
      method: 'post',
      path: '/v1/portal/sessions/:id/commands',
      summary: 'What the household chose on the portal’s page, for the revision that it saw',
      perMinute: 600,
      params: portalSessionId,
      body: portalCommandRequest,
      problems: ['request.not-found', 'auth.forbidden'],
      handler: ({ ctx, params, body }) => portal.command(params.id, ctx.get(PORTAL_KEY_HEADER), body),
    }),
    defineRoute({
      ...page,
      method: 'post',
      path: '/v1/portal/phones',
      summary: 'The phone that scanned a box’s screen joins the visit; a code is one phone’s',
      perMinute: 120,
      body: joinPhoneVisit,
      response: joinedPhoneVisit,
      problems: ['request.not-found'],
      handler: ({ body }) => portal.joinByPhone(body.code, body.key),
    }),
  ];
}

function appRoutes(portal: PortalSessions): AnyRoute[] {
  const app = { tag: 'terminal', auth: 'terminal' } as const;
  return [
    defineRoute({
      ...app,
      method: 'post',
      path: '/v1/terminal/phone-visits',
      summary: 'Begins a visit for the phone that scans the code which the box then shows',
      perMinute: 120,
      response: openedPhoneVisit,
      handler: ({ principal }) => portal.openForPhone(terminalOf(principal).terminalId),
    }),
    defineRoute({
      ...app,
      method: 'post',
      path: '/v1/terminal/portal',
      summary: 'The app joins the visit whose token started it; a token is good once',
      body: joinPortalSession,
      response: joinedPortalSession,
      problems: ['request.not-found'],
      handler: ({ body, principal }) => portal.join(body.token, terminalOf(principal).terminalId),
    }),
    defineRoute({
      ...app,
      method: 'post',
      path: '/v1/terminal/portal/:id',
      summary: 'The app says what it shows and takes what was chosen on the portal’s page',
      params: portalSessionId,
      body: syncPortalSession,
      response: syncedPortalSession,
      problems: ['request.not-found', 'request.too-large'],
      handler: ({ params, body, principal }) =>
        portal.sync(params.id, terminalOf(principal).terminalId, body),
    }),
  ];
}
