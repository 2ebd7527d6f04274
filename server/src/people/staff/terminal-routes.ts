import { authoriseRequest, claimRequest, sealedPlan } from '@bianmin/purchase/api/order';
import { readingBody, readingParam, replacementParam, replacementView } from '@bianmin/purchase/api/staff';
import type { Readings } from './readings.ts';
import type { Replacements } from './replacements.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { replacementViewOf } from './card-routes.ts';
import { terminalOf } from '../../route/caller.ts';

interface Staff {
  readonly readings: Readings;
  readonly replacements: Replacements;
}

const terminal = { tag: 'terminal', auth: 'terminal' } as const;

/** The terminal's side of what staff do at it: a card read under a nonce, a replacement card written. */
export function terminalStaffRoutes({ readings, replacements }: Staff): AnyRoute[] {
  return [readingRoute(readings), ...replacementRoutes(replacements)];
}

function readingRoute(readings: Readings): AnyRoute {
  return defineRoute({
    ...terminal,
    method: 'post',
    path: '/v1/terminal/readings/:nonce',
    summary: 'The card as it was just read, under the nonce that staff were given',
    params: readingParam,
    body: readingBody,
    status: 204,
    problems: [
      'request.not-found',
      'reading.stale',
      'card.unknown',
      'card.foreign',
      'card.replaced',
      'card.account-closed',
      'card.damaged',
      'grid.refused',
      'grid.unavailable',
    ],
    handler: async (input) => {
      const { terminalId } = terminalOf(input.principal);
      await readings.take(input.params.nonce, terminalId, input.body.image);
      return undefined;
    },
  });
}

function replacementRoutes(replacements: Replacements): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/replacements/:requestNo/release',
      summary: "Makes the blank card in the reader the customer's own and releases its plan",
      params: replacementParam,
      body: readingBody,
      response: sealedPlan,
      problems: [
        'replacement.not-open',
        'replacement.other-card',
        'meter.order-open',
        'order.leased-elsewhere',
        'card.key-refused',
        'grid.key-refused',
        'card.unknown',
        'card.foreign',
        'card.replaced',
        'card.account-closed',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: (input) =>
        replacements.release(input.params.requestNo, terminalOf(input.principal), input.body.image),
    }),
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/replacements/:requestNo/authorise',
      summary: "Takes the card's answers to the grid and brings the next stage of the plan",
      params: replacementParam,
      body: authoriseRequest,
      response: sealedPlan,
      problems: [
        'replacement.not-open',
        'order.lease-stale',
        'card.key-refused',
        'grid.key-refused',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: (input) =>
        replacements.authorise(input.params.requestNo, terminalOf(input.principal), input.body),
    }),
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/replacements/:requestNo/claim',
      summary: 'What the terminal says became of its write; may be repeated',
      params: replacementParam,
      body: claimRequest,
      response: replacementView,
      problems: ['replacement.not-open', 'order.lease-stale'],
      handler: async (input) => {
        const { terminalId } = terminalOf(input.principal);
        return replacementViewOf(await replacements.claim(input.params.requestNo, terminalId, input.body));
      },
    }),
  ];
}
