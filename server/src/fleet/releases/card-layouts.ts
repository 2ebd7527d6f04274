import { readFileSync } from 'node:fs';
import { cardLayoutsAnswer, cardLayoutsQuery } from '@bianmin/shared/api/card-layouts';
import type { ReleaseRoot } from '@bianmin/shared/node/release-root';
import { openLayouts } from '@bianmin/shared/node/signed-layouts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';

/** The signed card layouts that terminals are given. */
export interface ServedLayouts {
  readonly version: number;
  readonly document: string;
}

/** Reads what was signed with `npm run release -- layouts`. Fails with `LayoutsError`, or the disk's own error. */
export function readLayouts(path: string, root: ReleaseRoot): ServedLayouts {
  const document = readFileSync(path, 'utf8').trim();
  return { version: openLayouts(document, root).layouts.version, document };
}

/** `served`: undefined where this server has none, and terminals go on with what they keep. */
export function cardLayoutRoutes(served: ServedLayouts | undefined): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/terminal/card-layouts',
      summary:
        'The signed card layouts, where they are newer than the version that the terminal keeps; 204: they are not',
      tag: 'terminal',
      auth: 'terminal',
      query: cardLayoutsQuery,
      response: cardLayoutsAnswer.optional(),
      handler: ({ query }) =>
        Promise.resolve(
          // A terminal of before roots could not open it, and would tell of a fault at each question.
          served !== undefined && query.root !== undefined && served.version > query.have
            ? { document: served.document }
            : undefined,
        ),
    }),
  ];
}
