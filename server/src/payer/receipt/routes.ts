import { z } from 'zod';
import { receipt, receiptToken } from '@bianmin/purchase/api/receipt';
import { orderNo } from '@bianmin/purchase/api/scalars';
import type { Orders } from '../../orders/desk/orders.ts';
import type { Receipts } from './receipts.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

/** A phone may look again without asking: a receipt changes when a refund does, and seldom. */
const CACHED = 'private, max-age=60';

/** What a resident keeps: a terminal prints it, its link opens it on a phone. */
export function receiptRoutes(init: { receipts: Receipts; orders: Orders }): AnyRoute[] {
  const { receipts, orders } = init;
  return [
    defineRoute({
      method: 'get',
      path: '/v1/terminal/orders/:orderNo/receipt',
      summary: 'What a terminal prints of a paid order, masked',
      tag: 'terminal',
      auth: 'terminal',
      params: z.strictObject({ orderNo }),
      response: receipt,
      problems: ['order.not-found'],
      handler: async ({ principal, params }) =>
        receipts.of(await orders.get(terminalOf(principal).terminalId, params.orderNo)),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/receipts/:token',
      summary: 'The receipt behind its link, masked',
      tag: 'payment',
      auth: 'none',
      perMinute: 60,
      params: receiptToken,
      response: receipt,
      problems: ['order.not-found'],
      handler: async ({ ctx, params }) => {
        const found = await receipts.byToken(params.token);
        ctx.set('Cache-Control', CACHED);
        return found;
      },
    }),
  ];
}
