import type { z } from 'zod';
import {
  history,
  historyRequest,
  homeList,
  homeOrderRequest,
  homeParams,
  homeView,
  rememberRequest,
  type HomeView,
} from '@bianmin/purchase/api/home';
import { orderView } from '@bianmin/purchase/api/order';
import { remoteCustomer } from '@bianmin/purchase/api/remote';
import type { Principal } from '../../kernel/principal.ts';
import type { OrderCodes } from '../../orders/desk/codes.ts';
import type { HouseholdHistory } from '../../orders/desk/household-history.ts';
import { viewOf } from '../../orders/desk/view.ts';
import type { StoredBinding } from './binding-store.ts';
import type { BoxHomes } from './box-homes.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { whereOf } from '../../access/caller.ts';
import { terminalOf, type TerminalPrincipal } from '../../route/caller.ts';

export interface TerminalHomeServices {
  readonly boxes: BoxHomes;
  readonly history: Pick<HouseholdHistory, 'ofCard'>;
  readonly codes: OrderCodes;
}

/** Households that a box keeps, and what a household has bought. */
export function terminalHomeRoutes(services: TerminalHomeServices): AnyRoute[] {
  return [...keeping(services), ...buying(services), ofHousehold(services)];
}

function keeping({ boxes }: TerminalHomeServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/terminal/homes',
      summary: 'The households that the box keeps, masked',
      tag: 'terminal',
      auth: 'terminal',
      response: homeList,
      problems: ['auth.forbidden'],
      handler: async ({ principal }) => ({
        homes: (await boxes.list(boxOf(principal).terminalId)).map(homeOf),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/homes',
      summary: 'Keeps the household of a purchase that was paid on this box within the last hour',
      tag: 'terminal',
      auth: 'terminal',
      status: 201,
      body: rememberRequest,
      response: homeView,
      problems: ['auth.forbidden', 'order.not-found', 'customer.not-proven', 'binding.too-many'],
      handler: async (input) =>
        homeOf(await boxes.remember(boxOf(input.principal).terminalId, input.body.orderNo, whereOf(input))),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/homes/:homeId/forget',
      summary: 'Takes a household off the box; orders under way go on',
      tag: 'terminal',
      auth: 'terminal',
      params: homeParams,
      response: homeList,
      problems: ['auth.forbidden', 'binding.not-found'],
      handler: async (input) => {
        const box = boxOf(input.principal).terminalId;
        await boxes.forget(box, input.params.homeId, whereOf(input));
        return { homes: (await boxes.list(box)).map(homeOf) };
      },
    }),
  ];
}

function buying({ boxes, codes }: TerminalHomeServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/terminal/homes/:homeId',
      summary: 'What is left, what is owed and what may be bought from afar now',
      tag: 'terminal',
      auth: 'terminal',
      params: homeParams,
      response: remoteCustomer,
      problems: [
        'auth.forbidden',
        'binding.not-found',
        'customer.unknown',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: (input) =>
        boxes.describe(boxOf(input.principal).terminalId, input.params.homeId, whereOf(input)),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/homes/:homeId/orders',
      summary:
        'Makes an order for a household of the box that is credited from afar; the same key gives the same order',
      tag: 'terminal',
      auth: 'terminal',
      status: 201,
      params: homeParams,
      body: homeOrderRequest,
      response: orderView,
      problems: [
        'auth.forbidden',
        'binding.not-found',
        'customer.unknown',
        'meter.not-remote',
        'meter.previous-not-inserted',
        'meter.order-open',
        'order.amount-out-of-range',
        'bill.not-due',
        'order.idempotency-mismatch',
        'grid.no-credit',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: async ({ principal, params, body }) =>
        viewOf(await boxes.order(boxOf(principal), params.homeId, body), codes),
    }),
  ];
}

function ofHousehold({ boxes, history: purchases }: TerminalHomeServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/terminal/history',
    summary:
      'The last purchases of the card that was just read here, or of a household of this box; newest first',
    tag: 'terminal',
    auth: 'terminal',
    body: historyRequest,
    response: history,
    problems: ['auth.forbidden', 'card.session-expired', 'binding.not-found'],
    handler: ({ principal, body }: { principal: Principal; body: z.output<typeof historyRequest> }) =>
      'homeId' in body
        ? boxes.history(boxOf(principal).terminalId, body.homeId, body.before)
        : purchases.ofCard(terminalOf(principal).terminalId, body.cardSession, body.before),
  });
}

/** A kiosk serves everybody: it keeps no household. */
function boxOf(principal: Principal): TerminalPrincipal {
  const terminal = terminalOf(principal);
  if (terminal.device === 'box') return terminal;
  throw new ProblemError({ code: 'auth.forbidden', message: 'Only a family’s own box keeps households.' });
}

function homeOf({ _id, masked }: StoredBinding): HomeView {
  return { id: _id, customer: masked };
}
