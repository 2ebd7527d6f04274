import { cardSessionIdParam } from '@bianmin/purchase/api/card-session';
import { sessionReadingRequest, staffReading } from '@bianmin/purchase/api/staff';
import { notYours } from '../../cards/remote/problems.ts';
import type { RemoteSessions } from '../../cards/remote/sessions.ts';
import type { RemoteSteps } from '../../cards/remote/steps.ts';
import { orderOf } from './order-of.ts';
import type { Readings } from './readings.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { readingView } from './reading-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

/** A reversal's reading from afar: staff name the session and the order, the bytes are those that the terminal sealed. */
export function adminCardSessionReadingRoutes(
  { sessions, steps }: { sessions: Pick<RemoteSessions, 'getWithin'>; steps: Pick<RemoteSteps, 'justRead'> },
  readings: Pick<Readings, 'ofSession'>,
  orders: OrderStore,
): AnyRoute[] {
  return [
    defineRoute({
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      permission: 'order:reverse',
      method: 'post',
      path: '/v1/admin/card-sessions/:id/reading',
      summary: 'Takes the card that the session has just read whole as the reading for a reversal',
      params: cardSessionIdParam,
      body: sessionReadingRequest,
      status: 201,
      response: staffReading,
      problems: [
        'request.not-found',
        'order.not-found',
        'card-session.not-yours',
        'card-session.closed',
        'reading.missing',
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
        const by = adminOf(input.principal);
        const session = await sessions.getWithin(input.params.id, by.scope);
        if (session.asker.kind !== 'staff' || session.asker.id !== by.userId) throw notYours();
        const order = await orderOf(orders, input.body.orderNo, by.scope);
        const read = await steps.justRead(session);
        const init = { orderNo: order._id, terminalId: session.terminalId, ...read };
        return readingView(await readings.ofSession(init, by, whereOf(input)), order);
      },
    }),
  ];
}
