import { boxPackageFile, boxRelease } from '@bianmin/purchase/api/box-release';
import { signedTime, timeQuery } from '@bianmin/purchase/api/time';
import type { TimeSigner } from '../terminals/signed-time.ts';
import { packageView, type BoxPackages } from './box-packages.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { sendFile } from '../../web/send-file.ts';

export interface BoxRouteParts {
  /** Absent where no key was configured. */
  readonly time: TimeSigner | undefined;
  /** Absent: this server takes no releases. */
  readonly packages: Pick<BoxPackages, 'current'> | undefined;
}

/** Of a community behind one address. */
const COMMUNITY = { tag: 'terminal', auth: 'none', perMinute: 600 } as const;

/** What a home box asks before it can prove who it is. */
export function boxRoutes({ time, packages }: BoxRouteParts): AnyRoute[] {
  return [
    defineRoute({
      ...COMMUNITY,
      method: 'get',
      path: '/v1/time',
      summary: 'The time, signed by the key that boxes are built with',
      query: timeQuery,
      response: signedTime,
      problems: ['request.not-found'],
      handler: ({ query }) => {
        if (time === undefined) {
          throw new ProblemError({
            code: 'request.not-found',
            message:
              'This server signs no time. Set TIME_SIGN_KEY to the key that the boxes were built with.',
          });
        }
        return Promise.resolve(time.sign(query.nonce));
      },
    }),
    defineRoute({
      ...COMMUNITY,
      method: 'get',
      path: '/v1/box/release',
      summary: 'The newest release that every home box may have; 204 where there is none',
      response: boxRelease.optional(),
      handler: async () => {
        const found = await packages?.current();
        return found === undefined ? undefined : packageView(found);
      },
    }),
    defineRoute({
      ...COMMUNITY,
      method: 'get',
      path: '/v1/box/release/:file',
      summary: 'The package of the newest release, or a part of it by `Range`',
      params: boxPackageFile,
      produces: 'application/vnd.android.package-archive',
      also: { 206: 'The part that was asked for.', 304: 'It is the one that the caller has.' },
      problems: ['request.not-found', 'request.range'],
      handler: async ({ ctx, params }) => {
        const release = await packages?.current();
        if (release?.file !== params.file) {
          throw new ProblemError({
            code: 'request.not-found',
            message: 'This is not the newest release. Ask GET /v1/box/release which one is.',
          });
        }
        const { folder, file, sha256 } = release;
        const type = 'application/vnd.android.package-archive';
        await sendFile(ctx, { folder, name: file, digest: sha256, type });
        return undefined;
      },
    }),
  ];
}
