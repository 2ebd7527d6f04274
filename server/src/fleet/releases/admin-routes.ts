import {
  beginRelease,
  RELEASE_PIECE_BYTES,
  releaseList,
  releaseParam,
  releasePieceParam,
  releasePieceQuery,
  releaseReason,
  releaseView,
} from '@bianmin/purchase/api/release';
import { whoIs } from '../../access/audit.ts';
import type { Releases } from './releases.ts';
import { rolloutRoutes } from './rollout-routes.ts';
import type { Rollouts } from './rollouts.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const admin = { tag: 'admin', auth: 'admin', scope: 'province' } as const;
const read = { ...admin, permission: 'release:read' } as const;
const manage = { ...admin, permission: 'release:manage' } as const;

/** What a server that takes releases does with them. */
interface ReleaseServices {
  readonly releases: Releases;
  readonly rollouts: Rollouts;
}

/** Releases of the kiosk's program and how they reach the terminals: the province's own people's work. */
export function adminReleaseRoutes(services: ReleaseServices | undefined): AnyRoute[] {
  const on = (): ReleaseServices => {
    if (services !== undefined) return services;
    throw new ProblemError({
      code: 'request.not-found',
      message: 'This server takes no releases. Set RELEASE_DIR and RELEASE_ROOT_FILE.',
    });
  };
  return [
    listRoute(services),
    ...uploadRoutes(on),
    withdrawRoute(on),
    ...rolloutRoutes(services?.rollouts, () => on().rollouts),
  ];
}

function listRoute(services: ReleaseServices | undefined): AnyRoute {
  return defineRoute({
    ...read,
    method: 'get',
    path: '/v1/admin/releases',
    summary: 'Releases, newest first, with how much of each file is there',
    response: releaseList,
    handler: async () => ({
      on: services !== undefined,
      releases: (await services?.releases.list()) ?? [],
    }),
  });
}

function uploadRoutes(on: () => ReleaseServices): AnyRoute[] {
  return [
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/releases',
      summary: 'Takes the signed manifest of a release; its files follow',
      body: beginRelease,
      status: 201,
      response: releaseView,
      problems: ['request.not-found', 'release.unsigned', 'release.expired', 'release.state'],
      handler: async (input) => {
        const { releases } = on();
        const by = whoIs(adminOf(input.principal));
        const { manifest: signed, former } = input.body;
        return releases.view(await releases.begin({ signed, former }, by, whereOf(input)));
      },
    }),
    defineRoute({
      ...manage,
      method: 'put',
      path: '/v1/admin/releases/:id/files/:name',
      summary: 'Takes the next piece of a file, 1 MiB at most, from the byte where the last one ended',
      params: releasePieceParam,
      query: releasePieceQuery,
      rawBody: true,
      bodyLimit: RELEASE_PIECE_BYTES,
      status: 200,
      response: releaseView,
      problems: ['request.not-found', 'release.bytes', 'release.state', 'release.unsigned'],
      handler: async ({ params, query, rawBody }) => {
        const { releases } = on();
        const { name } = params;
        return releases.view(
          await releases.append(params.id, { name, offset: query.offset, piece: rawBody }),
        );
      },
    }),
  ];
}

function withdrawRoute(on: () => ReleaseServices): AnyRoute {
  return defineRoute({
    ...manage,
    method: 'post',
    path: '/v1/admin/releases/:id/withdraw',
    summary: 'Nobody is offered the release any more, and its rollouts end; who has it keeps it',
    params: releaseParam,
    body: releaseReason,
    response: releaseView,
    problems: ['request.not-found', 'release.unsigned'],
    handler: async (input) => {
      const { releases, rollouts } = on();
      const { id } = input.params;
      const by = whoIs(adminOf(input.principal));
      const withdrawn = await releases.withdraw(id, input.body.reason, by, whereOf(input));
      await rollouts.endOf(id, input.body.reason, by, whereOf(input));
      return releases.view(withdrawn);
    },
  });
}
