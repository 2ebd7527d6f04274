import { orderParam } from '@bianmin/purchase/api/staff';
import {
  orderNote,
  orderNoteList,
  orderNoteRequest,
  type OrderNoteView,
} from '@bianmin/purchase/api/order-notes';
import { channelAnswers } from '@bianmin/purchase/api/order-decisions';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { ChannelQuery } from './channel-query.ts';
import { orderOf } from './order-of.ts';
import type { OrderNote, OrderNotes } from './order-notes.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

/** What staff do about one order that needs no second person: asking its channels, and writing down what they learnt. */
export function adminOrderWorkRoutes(init: {
  orders: OrderStore;
  channelQuery: ChannelQuery;
  notes: OrderNotes;
}): AnyRoute[] {
  const { orders, channelQuery, notes } = init;
  const about = {
    tag: 'admin',
    auth: 'admin',
    scope: 'own',
    params: orderParam,
    problems: ['order.not-found'],
  } as const;
  return [
    defineRoute({
      ...about,
      method: 'post',
      path: '/v1/admin/orders/:orderNo/query-channel',
      summary:
        "Asks the channels what they hold of the order's payments and refunds; money they have is taken in",
      permission: 'order:decide',
      response: channelAnswers,
      handler: async (input) =>
        channelQuery.ask(
          await orderOf(orders, input.params.orderNo, adminOf(input.principal).scope),
          adminOf(input.principal),
          whereOf(input),
        ),
    }),
    defineRoute({
      ...about,
      method: 'get',
      path: '/v1/admin/orders/:orderNo/notes',
      summary: 'What people wrote down about the order, oldest first',
      permission: 'order:read',
      response: orderNoteList,
      handler: async ({ params, principal }) => {
        const { _id } = await orderOf(orders, params.orderNo, adminOf(principal).scope);
        return { notes: (await notes.of(_id)).map(noteView) };
      },
    }),
    defineRoute({
      ...about,
      method: 'post',
      path: '/v1/admin/orders/:orderNo/notes',
      summary: 'Writes something down about the order, for good',
      permission: 'order:note',
      body: orderNoteRequest,
      status: 201,
      response: orderNote,
      problems: ['order.not-found', 'order.action-refused', 'order.idempotency-mismatch'],
      handler: async (input) => {
        const { _id } = await orderOf(orders, input.params.orderNo, adminOf(input.principal).scope);
        const init = { orderNo: _id, ...input.body };
        return noteView(await notes.add(init, adminOf(input.principal), whereOf(input)));
      },
    }),
  ];
}

function noteView({ _id, at, by, byName, text }: OrderNote): OrderNoteView {
  return { id: _id, at: at.toISOString(), by, byName, text };
}
