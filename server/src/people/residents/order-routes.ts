import {
  choiceRequest,
  payerOrder,
  payerOrderList,
  payerOrderParams,
  payerOrderRequest,
  payerStreamQuery,
} from '@bianmin/purchase/api/payer';
import type { Principal } from '../../kernel/principal.ts';
import type { Order } from '../../orders/model/order.ts';
import { ownerOf, type PayerOrders } from './payer-orders.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { OrderStreams } from '../../orders/desk/order-streams.ts';
import { payerOf } from '../../route/caller.ts';

/** What a resident buys at home, from the order to the credited meter. */
export function payerOrderRoutes(services: { orders: PayerOrders; streams: OrderStreams }): AnyRoute[] {
  return [...readingRoutes(services), ...buyingRoutes(services.orders)];
}

function readingRoutes({ orders, streams }: { orders: PayerOrders; streams: OrderStreams }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/payer/orders',
      summary: 'Orders of the last two days, the newest first',
      tag: 'payer',
      auth: 'payer',
      response: payerOrderList,
      handler: async ({ principal }) => ({
        orders: (await orders.recent(payerOf(principal).payerId)).map((order) => orders.viewOf(order)),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/payer/orders/:orderNo',
      summary: 'The order as it is now',
      tag: 'payer',
      auth: 'payer',
      params: payerOrderParams,
      response: payerOrder,
      problems: ['order.not-found'],
      handler: async ({ principal, params }) =>
        orders.viewOf(await orders.get(payerOf(principal).payerId, params.orderNo)),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/payer/stream',
      summary:
        'Server-sent events: `event: order`, `data` an order as it is now without what is needed to pay it',
      tag: 'payer',
      auth: 'payer',
      perMinute: 60,
      query: payerStreamQuery,
      produces: 'text/event-stream',
      handler: async ({ ctx, principal, query }) => {
        const header = Number(ctx.get('last-event-id') || Number.NaN);
        const last = Number.isSafeInteger(header) && header >= 0 ? header : query.lastEventId;
        ctx.body = await streams.open(ownerOf(payerOf(principal).payerId), last);
        ctx.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
        ctx.status = 200;
        return undefined;
      },
    }),
  ];
}

function buyingRoutes(orders: PayerOrders): AnyRoute[] {
  const find = (principal: Principal, orderNo: string): Promise<Order> =>
    orders.get(payerOf(principal).payerId, orderNo);
  return [
    defineRoute({
      method: 'post',
      path: '/v1/payer/orders',
      summary: 'Makes a remote order for a household; the same idempotency key gives the same order',
      tag: 'payer',
      auth: 'payer',
      perMinute: 30,
      status: 201,
      body: payerOrderRequest,
      response: payerOrder,
      problems: [
        'binding.not-found',
        'binding.daily-limit',
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
      handler: async ({ principal, body }) =>
        orders.viewOf(await orders.create(payerOf(principal).payerId, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/payer/orders/:orderNo/cancel',
      summary: "Closes an unpaid order on the channel's evidence; one that was paid goes on",
      tag: 'payer',
      auth: 'payer',
      params: payerOrderParams,
      response: payerOrder,
      problems: ['order.not-found'],
      handler: async ({ principal, params }) =>
        orders.viewOf(await orders.cancel(await find(principal, params.orderNo))),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/payer/orders/:orderNo/choice',
      summary: 'After a credit that failed for good: the card, or the money back',
      tag: 'payer',
      auth: 'payer',
      params: payerOrderParams,
      body: choiceRequest,
      response: payerOrder,
      problems: ['order.not-found', 'order.no-choice'],
      handler: async ({ principal, params, body }) =>
        orders.viewOf(await orders.choose(await find(principal, params.orderNo), body.choice)),
    }),
  ];
}
