import { z } from 'zod';
import { orderView } from '@bianmin/purchase/api/order';
import {
  chooseRequest,
  createRemoteOrderRequest,
  remoteCustomer,
  remoteDescribeRequest,
} from '@bianmin/purchase/api/remote';
import { orderNo } from '@bianmin/purchase/api/scalars';
import type { Orders } from './orders.ts';
import type { OrderCodes } from './codes.ts';
import type { ConsentSales } from './consent-sales.ts';
import type { TerminalRemote } from './terminal-remote.ts';
import { viewOf } from './view.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

export interface TerminalRemoteServices {
  readonly orders: Orders;
  readonly terminalRemote: TerminalRemote;
  readonly codes: OrderCodes;
  readonly byConsent: ConsentSales;
}

/** Of who buys by a household's consent. */
const CONSENT_REFUSALS = [
  ...(['staff.session-over', 'staff.pin-needed', 'auth.forbidden', 'shift.none'] as const),
  ...(['consent.none', 'consent.over', 'consent.over-limit'] as const),
] as const;

/** A terminal's purchases without a card; paying, seeing and cancelling them is as for any order. */
export function terminalRemoteRoutes({
  orders,
  terminalRemote,
  codes,
  byConsent,
}: TerminalRemoteServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/remote/describe',
      summary:
        'Says who a customer is, masked, and what may be bought from afar; needs a proof, or staff and a recorded consent',
      tag: 'terminal',
      auth: 'terminal',
      body: remoteDescribeRequest,
      response: remoteCustomer,
      problems: [
        'customer.not-proven',
        'request.rate-limited',
        'customer.unknown',
        'grid.refused',
        'grid.unavailable',
        ...CONSENT_REFUSALS,
      ],
      handler: ({ principal, body }) =>
        'consent' in body
          ? byConsent.describe(terminalOf(principal), body)
          : terminalRemote.describe(terminalOf(principal).terminalId, body),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/remote/orders',
      summary:
        'Makes an order that is credited from afar; uses up a proof, or what a consent allows; the same key gives the same order',
      tag: 'terminal',
      auth: 'terminal',
      status: 201,
      body: createRemoteOrderRequest,
      response: orderView,
      problems: [
        'customer.not-proven',
        'request.rate-limited',
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
        ...CONSENT_REFUSALS,
      ],
      handler: async ({ principal, body, ctx, traceId }) => {
        const by = terminalOf(principal);
        const order =
          'consent' in body
            ? await byConsent.create(by, body, { ip: ctx.ip, traceId })
            : await terminalRemote.create(by, body);
        return viewOf(order, codes);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/choose',
      summary: 'After the credit failed for good: have it written on the card, or the money back',
      tag: 'terminal',
      auth: 'terminal',
      params: z.strictObject({ orderNo }),
      body: chooseRequest,
      response: orderView,
      problems: ['order.not-found', 'order.no-choice'],
      handler: async ({ principal, params, body }) => {
        const { terminalId } = terminalOf(principal);
        const order = await orders.get(terminalId, params.orderNo);
        return viewOf(await terminalRemote.choose(terminalId, order, body.choice), codes);
      },
    }),
  ];
}
