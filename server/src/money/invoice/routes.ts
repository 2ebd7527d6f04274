import { invoiceList, invoiceListQuery, invoiceRequest, invoiceView } from '@bianmin/purchase/api/invoice';
import { payerOrderParams } from '@bianmin/purchase/api/payer';
import type { InvoiceStore } from './invoice-store.ts';
import type { Invoices } from './invoices.ts';
import { invoiceViewOf } from './view.ts';
import type { Order } from '../../orders/model/order.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { payerOf } from '../../route/caller.ts';

export interface InvoiceRouteServices {
  readonly invoices: Invoices;
  readonly store: InvoiceStore;
  /** Throws `order.not-found` for an order that is not this phone's. */
  readonly orders: { get(payerId: string, orderNo: string): Promise<Order> };
}

/** Electronic invoices: residents ask for their own, operators look after the queue. */
export function invoiceRoutes({ invoices, store, orders }: InvoiceRouteServices): AnyRoute[] {
  const payer = { tag: 'payer', auth: 'payer', params: payerOrderParams } as const;
  return [
    defineRoute({
      ...payer,
      method: 'post',
      path: '/v1/payer/orders/:orderNo/invoice',
      summary:
        'Asks for the invoice of an order that arrived; the one that counts is given back if there is one',
      perMinute: 10,
      body: invoiceRequest,
      response: invoiceView,
      problems: ['order.not-found', 'invoice.not-offered', 'invoice.not-yet'],
      handler: async ({ principal, params, body }) => {
        const order = await orders.get(payerOf(principal).payerId, params.orderNo);
        return invoiceViewOf(await invoices.request(order, body));
      },
    }),
    defineRoute({
      ...payer,
      method: 'get',
      path: '/v1/payer/orders/:orderNo/invoices',
      summary: "An order's invoices, those that cancel others among them",
      response: invoiceList,
      problems: ['order.not-found'],
      handler: async ({ principal, params }) => {
        const order = await orders.get(payerOf(principal).payerId, params.orderNo);
        return { invoices: (await invoices.ofOrder(order._id)).map(invoiceViewOf) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/admin/invoices',
      summary: 'Invoices, newest first',
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      permission: 'order:read',
      query: invoiceListQuery,
      response: invoiceList,
      handler: async ({ query }) => ({ invoices: (await store.list(query)).map(invoiceViewOf) }),
    }),
  ];
}
