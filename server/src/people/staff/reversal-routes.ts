import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  orderParam,
  readingParam,
  readingRequest,
  reversalRequest,
  staffReading,
} from '@bianmin/purchase/api/staff';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { orderOf } from './order-of.ts';
import { readingView } from './reading-view.ts';
import type { Readings } from './readings.ts';
import type { Reversals } from './reversals.ts';
import type { StaffedTerminals } from './staffed-terminals.ts';

export interface ReversalServices {
  readonly readings: Readings;
  readonly reversals: Reversals;
  readonly terminals: StaffedTerminals;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

/** A sale is undone by a reading of its card. */
export function reversalRoutes(staff: ReversalServices, orders: OrderStore): AnyRoute[] {
  return [...readingRoutes(staff, orders), reversalRoute(staff.reversals)];
}

function readingRoutes({ readings, terminals }: ReversalServices, orders: OrderStore): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/orders/:orderNo/readings',
      summary: "Asks for the order's card to be read now, by a named terminal, under the server's nonce",
      permission: 'order:reverse',
      params: orderParam,
      body: readingRequest,
      status: 201,
      response: staffReading,
      problems: ['order.not-found', 'request.not-found'],
      handler: async (input) => {
        const { scope } = adminOf(input.principal);
        const { terminalId } = await terminals.get(input.body.terminalId, scope);
        const order = await orderOf(orders, input.params.orderNo, scope);
        const init = { orderNo: order._id, terminalId };
        return readingView(await readings.request(init, adminOf(input.principal), whereOf(input)), order);
      },
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/readings/:nonce',
      summary: 'Whether the card was read, and what stands against a reversal by it',
      permission: 'order:reverse',
      params: readingParam,
      response: staffReading,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        const reading = await readings.get(params.nonce);
        return readingView(reading, await orderOf(orders, reading.orderNo, adminOf(principal).scope));
      },
    }),
  ];
}

function reversalRoute(reversals: Reversals): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'post',
    path: '/v1/admin/orders/:orderNo/reversal',
    stepUp: true,
    idempotent: true,
    summary:
      'Asks for the sale to be undone and refunded, by a reading of its card; a second person allows it',
    permission: 'order:reverse',
    params: orderParam,
    body: reversalRequest,
    status: 202,
    response: adminApproval,
    problems: [
      'request.not-found',
      'order.not-found',
      'reading.missing',
      'reading.stale',
      'reversal.other-card',
      'reversal.credited',
      'reversal.later-sale',
      'reversal.counters-differ',
      'reversal.card-inserted',
      'reversal.day-over',
      'reversal.plan-released',
      'reversal.not-sold',
      'reversal.refunded',
    ],
    handler: async (input) =>
      approvalView(
        await reversals.request(
          { orderNo: input.params.orderNo, ...input.body },
          adminOf(input.principal),
          whereOf(input),
        ),
      ),
  });
}
