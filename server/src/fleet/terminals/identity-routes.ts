import { enrolRequest, enrolResponse, tokenRequest, tokenResponse } from '@bianmin/purchase/api/terminal';
import type { Enrolment } from './enrolment.ts';
import type { TerminalTokens } from './tokens.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { whereOf } from '../../access/caller.ts';

/** How a terminal comes to its number and its tokens. Limits suit many terminals behind one address. */
export function terminalIdentityRoutes(services: {
  enrolment: Enrolment;
  tokens: TerminalTokens;
}): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/enrol',
      summary: 'Enrols a terminal by a proof of its key; again to learn whether it has been accepted',
      tag: 'terminal',
      auth: 'none',
      // A known terminal comes each half hour for its next key for beats.
      perMinute: 300,
      body: enrolRequest,
      response: enrolResponse,
      problems: ['terminal.bad-proof', 'server.busy'],
      handler: (input) => {
        const { jws, beatKey = false } = input.body;
        return services.enrolment.enrol(jws, { ...whereOf(input), beatKey });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/token',
      summary: 'Gives an access token, bound to the terminal’s key, for an assertion',
      tag: 'terminal',
      auth: 'none',
      perMinute: 600,
      body: tokenRequest,
      response: tokenResponse,
      problems: [
        'terminal.bad-proof',
        'terminal.pending',
        'terminal.rejected',
        'terminal.suspended',
        'terminal.retired',
      ],
      handler: ({ body }) => services.tokens.issue(body.assertion),
    }),
  ];
}
