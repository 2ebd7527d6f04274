import { z } from 'zod';
import {
  authoriseRequest,
  claimRequest,
  heldLease,
  leaseParam,
  orderView,
  releaseRequest,
  sealedPlan,
} from '@bianmin/purchase/api/order';
import { meterShownRequest } from '@bianmin/purchase/api/meter-shown';
import { orderNo } from '@bianmin/purchase/api/scalars';
import { terminalOf } from '../../route/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { CardWrites } from './card-writes.ts';
import type { OrderCodes } from './codes.ts';
import type { Orders } from './orders.ts';
import { viewOf } from './view.ts';

export interface CardWriteServices {
  readonly orders: Pick<Orders, 'get' | 'toClaim'>;
  readonly writes: CardWrites;
  readonly codes: OrderCodes;
}

const params = z.strictObject({ orderNo });

/** The written card of a terminal's purchase: its plan, stage by stage, and what became of it. */
export function cardWriteRoutes(services: CardWriteServices): AnyRoute[] {
  return [...planRoutes(services), leaseRoute(services), claimRoute(services), shownRoute(services)];
}

function planRoutes({ orders, writes }: CardWriteServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/release',
      summary: "Releases the plan for the card as it was just read, sealed to the terminal's key",
      tag: 'terminal',
      auth: 'terminal',
      params,
      body: releaseRequest,
      response: sealedPlan,
      problems: [
        'order.not-found',
        'order.closed',
        'order.not-sold',
        'order.leased-elsewhere',
        'order.already-written',
        'card.changed',
        'card.key-refused',
        'grid.key-refused',
        'card.damaged',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: async (input) => {
        const terminal = terminalOf(input.principal);
        const order = await orders.get(terminal.terminalId, input.params.orderNo);
        return writes.release(order, terminal, input.body);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/authorise',
      summary: "Takes the card's answers to the grid and brings the next stage of the plan",
      tag: 'terminal',
      auth: 'terminal',
      params,
      body: authoriseRequest,
      response: sealedPlan,
      problems: [
        'order.not-found',
        'order.lease-stale',
        'card.key-refused',
        'grid.key-refused',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: async (input) => {
        const terminal = terminalOf(input.principal);
        const order = await orders.get(terminal.terminalId, input.params.orderNo);
        return writes.authorise(order, terminal, input.body);
      },
    }),
  ];
}

function leaseRoute({ orders, writes }: CardWriteServices): AnyRoute {
  return defineRoute({
    method: 'get',
    path: '/v1/terminal/orders/:orderNo/leases/:lease',
    summary:
      'Whether the terminal may still write under this lease; asked just before the first byte changes',
    tag: 'terminal',
    auth: 'terminal',
    params: leaseParam,
    response: heldLease,
    problems: ['order.not-found', 'order.lease-stale'],
    handler: async (input) => {
      const { terminalId } = terminalOf(input.principal);
      const order = await orders.get(terminalId, input.params.orderNo);
      return { leaseMs: writes.leftOf(order, terminalId, input.params.lease) };
    },
  });
}

function claimRoute({ orders, writes, codes }: CardWriteServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/terminal/orders/:orderNo/claim',
    summary: 'What the terminal says became of its write; may be repeated',
    tag: 'terminal',
    auth: 'terminal',
    params,
    body: claimRequest,
    response: orderView,
    problems: ['order.not-found', 'order.lease-stale'],
    handler: async (input) => {
      const { terminalId } = terminalOf(input.principal);
      const order = await orders.toClaim(terminalId, input.params.orderNo, input.body.lease);
      return viewOf(await writes.claim(order, terminalId, input.body), codes);
    },
  });
}

function shownRoute({ orders, writes, codes }: CardWriteServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/terminal/orders/:orderNo/meter-shown',
    summary:
      'What the household says that its meter showed of a written card; kept for staff, and changes nothing else',
    tag: 'terminal',
    auth: 'terminal',
    params,
    body: meterShownRequest,
    response: orderView,
    problems: ['order.not-found'],
    handler: async (input) => {
      const order = await orders.get(terminalOf(input.principal).terminalId, input.params.orderNo);
      return viewOf(await writes.shown(order, input.body.shown), codes);
    },
  });
}
