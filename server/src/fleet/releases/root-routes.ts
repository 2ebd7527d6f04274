import { releaseRootAnswer, releaseRootQuery } from '@bianmin/purchase/api/release-root';
import { unverifiedRoot, type RootChain } from '@bianmin/purchase/node/release-root';
import { defineRoute, type AnyRoute } from '../../route/route.ts';

const MOST = 100;

/** Which roots follow one that a terminal has; `chain`: undefined where this server has none. */
export function releaseRootRoutes(chain: Pick<RootChain, 'documents'> | undefined): AnyRoute[] {
  const documents = (chain?.documents ?? []).map((document) => ({
    document,
    version: unverifiedRoot(document).version,
  }));
  return [
    defineRoute({
      method: 'get',
      path: '/v1/release-root',
      summary:
        'Who signs releases: the root documents after the version that the caller has; 204: there are none',
      tag: 'terminal',
      auth: 'none',
      // Of a community behind one address.
      perMinute: 600,
      query: releaseRootQuery,
      response: releaseRootAnswer.optional(),
      handler: ({ query }) => {
        const roots = documents.filter(({ version }) => version > query.have).map((each) => each.document);
        return Promise.resolve(roots.length === 0 ? undefined : { roots: roots.slice(0, MOST) });
      },
    }),
  ];
}
