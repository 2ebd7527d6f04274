import { z } from 'zod';
import { createOrderRequest, createPaymentRequest, orderView } from '@bianmin/purchase/api/order';
import { orderQuote, type OrderQuote } from '@bianmin/purchase/api/quote';
import { orderNo } from '@bianmin/purchase/api/scalars';
import { cardWriteRoutes, type CardWriteServices } from './card-write-routes.ts';
import type { Order } from '../model/order.ts';
import type { Orders } from './orders.ts';
import type { OrderCodes } from './codes.ts';
import { viewOf } from './view.ts';
import type { Principal } from '../../kernel/principal.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

export interface TerminalOrderServices extends CardWriteServices {
  readonly orders: Orders;
  readonly codes: OrderCodes;
  readonly quote: (order: Order) => Promise<OrderQuote>;
}

const params = z.strictObject({ orderNo });

/** A terminal's purchase, from the order to the written card. */
export function terminalOrderRoutes(services: TerminalOrderServices): AnyRoute[] {
  return [...orderRoutes(services), ...payingRoutes(services), ...cardWriteRoutes(services)];
}

/** Gives a terminal its own orders, and no other's. */
function finder(orders: Orders): (principal: Principal, number: string) => Promise<Order> {
  return (principal, number) => orders.get(terminalOf(principal).terminalId, number);
}

function orderRoutes({ orders, quote, codes }: TerminalOrderServices): AnyRoute[] {
  const find = finder(orders);
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/orders',
      summary: 'Makes an order against a card session; the same idempotency key gives the same order',
      tag: 'terminal',
      auth: 'terminal',
      status: 201,
      body: createOrderRequest,
      response: orderView,
      problems: [
        'card.session-expired',
        'meter.previous-not-inserted',
        'meter.order-open',
        'order.amount-out-of-range',
        'bill.not-due',
        'order.idempotency-mismatch',
        'card.key-refused',
        'grid.key-refused',
        'grid.no-credit',
      ],
      handler: async ({ principal, body }) => viewOf(await orders.create(terminalOf(principal), body), codes),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/terminal/orders/:orderNo',
      summary: 'The order as it is now',
      tag: 'terminal',
      auth: 'terminal',
      params,
      response: orderView,
      problems: ['order.not-found'],
      handler: async (input) => viewOf(await find(input.principal, input.params.orderNo), codes),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/terminal/orders/:orderNo/quote',
      summary:
        "What the order's amount buys: credit, arrears and fees taken from it, energy where it can be said",
      tag: 'terminal',
      auth: 'terminal',
      params,
      response: orderQuote,
      problems: ['order.not-found', 'grid.refused', 'grid.unavailable'],
      handler: async (input) => quote(await find(input.principal, input.params.orderNo)),
    }),
  ];
}

function payingRoutes({ orders, codes }: TerminalOrderServices): AnyRoute[] {
  const find = finder(orders);
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/payments',
      summary: 'A code to pay with; the one that is out is given again while it can be paid',
      tag: 'terminal',
      auth: 'terminal',
      params,
      body: createPaymentRequest,
      response: orderView,
      problems: ['order.not-found', 'order.closed', 'order.already-paid', 'payment.channel-unavailable'],
      handler: async (input) => {
        const { terminalId } = terminalOf(input.principal);
        const order = await orders.toPay(terminalId, input.params.orderNo, input.body.channel);
        return viewOf(await orders.createPayment(order, input.body.channel), codes);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/cancel',
      summary: "Closes an unpaid order on the channel's evidence; one that was paid goes on",
      tag: 'terminal',
      auth: 'terminal',
      params,
      response: orderView,
      problems: ['order.not-found'],
      handler: async (input) =>
        viewOf(await orders.cancel(await find(input.principal, input.params.orderNo)), codes),
    }),
  ];
}
