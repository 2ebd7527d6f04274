import { signedTime, timeQuery } from '@bianmin/shared/api/time';
import type { TimeSigner } from '../../fleet/signed-time.ts';
import { ProblemError } from '../problem.ts';
import { defineRoute, type AnyRoute } from '../route.ts';

/** What a home box asks before it can prove who it is. */
export function boxRoutes({ time }: { readonly time: TimeSigner | undefined }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/time',
      summary: 'The time, signed by the key that boxes are built with',
      tag: 'terminal',
      auth: 'none',
      // Boxes of a whole community may call from one address.
      perMinute: 600,
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
  ];
}
