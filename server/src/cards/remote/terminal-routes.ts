import {
  cardSessionIdParam,
  consentRequest,
  endRequest,
  stepResultRequest,
  terminalCardSession,
  terminalCardSessionQuery,
  terminalCardSessionResponse,
  type TerminalCardSession,
} from '@bianmin/purchase/api/card-session';
import { noSession } from './problems.ts';
import type { KeptPayloads } from './kept.ts';
import type { RemoteSession } from './session.ts';
import type { RemoteSessions } from './sessions.ts';
import type { RemoteSteps } from './steps.ts';
import type { TerminalPresence } from './terminal-presence.ts';
import { terminalView } from './views.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

const terminal = { tag: 'terminal', auth: 'terminal' } as const;

export interface TerminalCardSessionServices {
  readonly sessions: RemoteSessions;
  readonly steps: RemoteSteps;
  readonly kept: Pick<KeptPayloads, 'keys'>;
  readonly there: TerminalPresence;
}

/** A terminal's side of a remote card session; each call may be repeated. */
export function terminalCardSessionRoutes(services: TerminalCardSessionServices): AnyRoute[] {
  const own = ownSession(services);
  const view = viewer(services);
  return [...askingRoutes(services, own, view), ...answerRoutes(services, own, view)];
}

type Own = (id: string, terminalId: string) => Promise<RemoteSession>;
type View = (session: RemoteSession, sealed?: string) => TerminalCardSession;

/** Another terminal's session is none of this one's. */
function ownSession({ sessions }: TerminalCardSessionServices): Own {
  return async (id, terminalId) => {
    const session = await sessions.get(id);
    if (session.terminalId === terminalId) return session;
    throw noSession();
  };
}

function viewer({ sessions, kept }: TerminalCardSessionServices): View {
  return (session, sealed) =>
    terminalView(session, {
      serverKey: kept.keys(session)?.publicJwk ?? null,
      now: sessions.now(),
      ...(sealed === undefined ? {} : { sealed }),
    });
}

function askingRoutes(
  { sessions, steps, there }: TerminalCardSessionServices,
  own: Own,
  view: View,
): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      method: 'get',
      path: '/v1/terminal/card-session',
      summary: 'The remote session of this terminal, with the step that waits for its answer',
      query: terminalCardSessionQuery,
      response: terminalCardSessionResponse,
      problems: ['request.not-found', 'grid.unavailable'],
      handler: async ({ principal, query }) => {
        const caller = terminalOf(principal);
        const { terminalId } = caller;
        // Whom the grid may ask; lost with the cache, it is known again at the next question.
        await there.seen(terminalId).catch(() => undefined);
        const session =
          query.id === undefined ? await sessions.current(terminalId) : await own(query.id, terminalId);
        if (session === null) return { session: null };
        const due = await steps.due(session, caller);
        return { session: view(due.session, due.sealed) };
      },
    }),
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/card-session/:id/consent',
      summary: 'What the person at the terminal said',
      params: cardSessionIdParam,
      body: consentRequest,
      response: terminalCardSession,
      problems: ['request.not-found', 'card-session.closed'],
      handler: async ({ principal, params, body }) => {
        const { _id } = await own(params.id, terminalOf(principal).terminalId);
        return view(body.yes ? await sessions.consent(_id) : await sessions.close(_id, 'declined'));
      },
    }),
  ];
}

function answerRoutes({ sessions, steps }: TerminalCardSessionServices, own: Own, view: View): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/card-session/:id/results',
      summary: 'The answer to a step, sealed to the session’s key',
      params: cardSessionIdParam,
      body: stepResultRequest,
      response: terminalCardSession,
      problems: ['request.not-found', 'card-session.closed', 'card-session.out-of-order'],
      handler: async ({ principal, params, body }) =>
        view(await steps.answer(params.id, terminalOf(principal).terminalId, body)),
    }),
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/card-session/:id/end',
      summary:
        'Ends the session from the terminal: stopped there, the card left, or the terminal was restarted',
      params: cardSessionIdParam,
      body: endRequest,
      response: terminalCardSession,
      problems: ['request.not-found'],
      handler: async ({ principal, params, body }) => {
        const { _id } = await own(params.id, terminalOf(principal).terminalId);
        return view(await sessions.close(_id, body.end));
      },
    }),
  ];
}
