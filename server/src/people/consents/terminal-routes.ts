import {
  consentList,
  consentsRequest,
  consentView,
  recordConsentRequest,
  revokeConsentRequest,
} from '@bianmin/purchase/api/consent';
import { whereOf } from '../../access/caller.ts';
import { terminalOf } from '../../route/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { TICKET_REFUSALS, type CounterSessions } from '../counter/sessions.ts';
import { clerkOf } from './clerk.ts';
import type { Consents } from './consents.ts';
import type { ConsentViews } from './views.ts';

/** All of them POST: no ticket stands in an address. */
const terminal = { tag: 'terminal', auth: 'terminal', method: 'post' } as const;

export interface TerminalConsentServices {
  readonly consents: Consents;
  readonly views: ConsentViews;
  readonly sessions: Pick<CounterSessions, 'staffOf'>;
}

/** Households that cannot come, and let the staff of their community buy for them. */
export function terminalConsentRoutes({ consents, views, sessions }: TerminalConsentServices): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/consents',
      summary:
        "Records that the household whose card is in the reader lets this community's staff buy for it; the same paper again is the same consent",
      perMinute: 30,
      status: 201,
      body: recordConsentRequest,
      response: consentView,
      problems: [
        ...TICKET_REFUSALS,
        ...(['shift.none', 'card.session-expired', 'consent.no-community', 'consent.exists'] as const),
        ...(['meter.not-remote', 'customer.unknown', 'grid.refused', 'grid.unavailable'] as const),
      ],
      handler: async (input) => {
        const { ticket, ...request } = input.body;
        const at = terminalOf(input.principal);
        const staff = await clerkOf(sessions, at, ticket);
        return views.of(await consents.record(at, { staff, where: whereOf(input) }, request));
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/consents/search',
      summary:
        "The consents of the terminal's community that are good now, masked, newest first; by a form too",
      body: consentsRequest,
      response: consentList,
      problems: TICKET_REFUSALS,
      handler: async ({ principal, body }) => {
        const at = terminalOf(principal);
        await sessions.staffOf(at, body.ticket, 'cash');
        const found = await consents.list(at, body.form);
        return { consents: await Promise.all(found.map((consent) => views.of(consent))) };
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/consents/revoke',
      summary: 'Ends a consent; orders under way go on. May be repeated',
      perMinute: 30,
      status: 204,
      body: revokeConsentRequest,
      problems: [...TICKET_REFUSALS, 'consent.none'],
      handler: async (input) => {
        const at = terminalOf(input.principal);
        const { staff } = await sessions.staffOf(at, input.body.ticket, 'cash');
        const consent = await consents.at(at, input.body.consent);
        const data = { terminalId: at.terminalId };
        await consents.revoke(consent, { userId: staff._id, where: whereOf(input), data });
        return undefined;
      },
    }),
  ];
}
