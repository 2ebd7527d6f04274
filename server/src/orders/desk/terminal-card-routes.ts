import { identifyRequest, identifyResponse } from '@bianmin/purchase/api/card';
import type { Cards } from './cards.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

/** What a terminal asks about a card in its reader. */
export function terminalCardRoutes(services: { cards: Cards }): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/cards/identify',
      summary: 'Says whose card it is, masked, and what may be bought; offers an order that is not yet on it',
      tag: 'terminal',
      auth: 'terminal',
      body: identifyRequest,
      response: identifyResponse,
      problems: [
        'card.unknown',
        'card.foreign',
        'card.replaced',
        'card.account-closed',
        'card.damaged',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: ({ principal, body }) => services.cards.identify(terminalOf(principal).terminalId, body),
    }),
  ];
}
