import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { cardLayoutsAnswer, cardLayoutsQuery } from '@bianmin/purchase/api/card-layouts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';

/** The layouts in force on a server. */
export interface ServedLayouts {
  readonly layouts: Pick<CardLayouts, 'version'>;
  /** As it was signed. */
  readonly document?: string;
}

/** Without a document terminals go on with what they keep. */
export function cardLayoutRoutes({ layouts, document }: ServedLayouts): AnyRoute[] {
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
          document !== undefined && query.root !== undefined && layouts.version > query.have
            ? { document }
            : undefined,
        ),
    }),
  ];
}
