import { z } from 'zod';
import {
  authoriseRequest,
  claimRequest,
  createOrderRequest,
  createPaymentRequest,
  orderView,
  releaseRequest,
  sealedPlan,
} from '@bianmin/shared/api/order';
import { orderQuote, type OrderQuote } from '@bianmin/shared/api/quote';
import { orderNo } from '@bianmin/shared/api/scalars';
import type { CardWrites } from './card-writes.ts';
import type { Order } from '../model/order.ts';
import type { Orders } from './orders.ts';
import type { OrderCodes } from './codes.ts';
import { viewOf } from './view.ts';
import type { Principal } from '../../kernel/principal.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

export interface TerminalOrderServices {
  readonly orders: Orders;
  readonly writes: CardWrites;
  readonly codes: OrderCodes;
  readonly quote: (order: Order) => Promise<OrderQuote>;
}

const params = z.strictObject({ orderNo });

/** A terminal's purchase, from the order to the written card. */
export function terminalOrderRoutes(services: TerminalOrderServices): AnyRoute[] {
  return [...buying(services), ...writing(services)];
}

function buying({ orders, quote, codes }: TerminalOrderServices): AnyRoute[] {
  const find = (principal: Principal, number: string): Promise<Order> =>
    orders.get(terminalOf(principal).terminalId, number);
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
        'order.idempotency-mismatch',
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
        const order = await find(input.principal, input.params.orderNo);
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

function writing({ orders, writes, codes }: TerminalOrderServices): AnyRoute[] {
  const find = (principal: Principal, number: string): Promise<Order> =>
    orders.get(terminalOf(principal).terminalId, number);
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
        'card.damaged',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: async (input) => {
        const order = await find(input.principal, input.params.orderNo);
        return writes.release(order, terminalOf(input.principal), input.body);
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
      problems: ['order.not-found', 'order.lease-stale', 'grid.refused', 'grid.unavailable'],
      handler: async (input) => {
        const order = await find(input.principal, input.params.orderNo);
        return writes.authorise(order, terminalOf(input.principal), input.body);
      },
    }),
    defineRoute({
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
        const order = await find(input.principal, input.params.orderNo);
        const { terminalId } = terminalOf(input.principal);
        return viewOf(await writes.claim(order, terminalId, input.body), codes);
      },
    }),
  ];
}
