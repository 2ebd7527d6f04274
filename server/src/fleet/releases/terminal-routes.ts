import { releaseAsk, releaseDownload, releaseOffer } from '@bianmin/purchase/api/release-offer';
import type { ReleaseOffers } from './offers.ts';
import type { CommunityPace } from './pace.ts';
import { fileOf, noRelease, type Releases } from './releases.ts';
import type { ReleaseTickets } from './tickets.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { sendFile } from '../../web/send-file.ts';
import { terminalOf } from '../../route/caller.ts';

export interface TerminalReleaseServices {
  readonly releases: Pick<Releases, 'servable' | 'folderOf'>;
  readonly offers: ReleaseOffers;
  readonly tickets: ReleaseTickets;
  readonly pace: CommunityPace;
}

/** What a terminal asks about releases, and what its updater downloads. */
export function terminalReleaseRoutes(services: TerminalReleaseServices | undefined): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/release',
      summary: 'Says how releases fared on the terminal, and asks which one it may install now; 204: none',
      tag: 'terminal',
      auth: 'terminal',
      body: releaseAsk,
      response: releaseOffer.optional(),
      handler: async ({ principal, body }) => {
        const { terminalId, device, orgPath } = terminalOf(principal);
        if ((device === 'box') !== (body.kind === 'box')) {
          throw new ProblemError({
            code: 'auth.forbidden',
            message: 'These releases are for another kind of terminal. Ask for those of your own kind.',
          });
        }
        return services?.offers.ask({ id: terminalId, orgPath }, body);
      },
      problems: ['auth.forbidden'],
    }),
    defineRoute({
      method: 'get',
      path: '/updates/:ticket/:name',
      summary: 'A file of the release that the ticket was given for, or a part of it by `Range`',
      tag: 'terminal',
      auth: 'none',
      // Of a community behind one address; a difference between two releases is fetched in many small parts.
      perMinute: 3000,
      params: releaseDownload,
      produces: 'application/octet-stream',
      also: { 206: 'The part that was asked for.', 304: 'It is the one that the caller has.' },
      problems: ['request.not-found', 'request.range'],
      handler: async ({ ctx, params }) => {
        const ticket = services?.tickets.open(params.ticket);
        if (services === undefined || ticket === undefined) throw noRelease();
        const opened = await services.releases.servable(ticket.releaseId);
        if (opened === undefined) throw noRelease();
        const { name, sha256: digest } = fileOf(opened.manifest, params.name);
        await services.pace.admit(ticket.community);
        await sendFile(ctx, {
          folder: services.releases.folderOf(opened),
          ...{ name, digest, type: 'application/octet-stream' },
          pace: (bytes, signal) => services.pace.take(ticket.community, bytes, signal),
        });
        return undefined;
      },
    }),
  ];
}
