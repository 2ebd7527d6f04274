import { adminApproval } from '@bianmin/shared/api/approvals';
import {
  orderParam,
  readingParam,
  readingRequest,
  reversalRequest,
  staffReading,
  type StaffReading,
} from '@bianmin/shared/api/staff';
import { decisionRequest, gridAnswer, orderActions } from '@bianmin/shared/api/order-decisions';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { orderOf } from './order-of.ts';
import type { Reading } from './readings-store.ts';
import { againstCard } from './reversal-checks.ts';
import type { Decisions } from './decisions.ts';
import type { Readings } from './readings.ts';
import type { Reversals } from './reversals.ts';
import type { StaffedTerminals } from './staffed-terminals.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

interface Staff {
  readonly decisions: Decisions;
  readonly readings: Readings;
  readonly reversals: Reversals;
  readonly terminals: StaffedTerminals;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

/** What staff may do with an order, each action with the reason why not. */
export function adminOrderRoutes(staff: Staff, orders: OrderStore): AnyRoute[] {
  return [...deciding(staff), ...reversing(staff, orders)];
}

function deciding({ decisions }: Staff): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/orders/:orderNo/actions',
      summary: "Every action, whether the order's facts allow it now, and if not, why",
      permission: 'order:read',
      params: orderParam,
      response: orderActions,
      problems: ['order.not-found'],
      handler: ({ params, principal }) => decisions.actions(params.orderNo, adminOf(principal)),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/orders/:orderNo/query-grid',
      summary: "Asks the grid what it holds of the order's sale; changes nothing",
      permission: 'order:decide',
      params: orderParam,
      response: gridAnswer,
      problems: ['order.not-found', 'grid.refused', 'grid.unavailable'],
      handler: (input) => decisions.queryGrid(input.params.orderNo, adminOf(input.principal), whereOf(input)),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/orders/:orderNo/decisions',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for a decision about an order in attention; a second person allows it',
      permission: 'order:decide',
      params: orderParam,
      body: decisionRequest,
      status: 202,
      response: adminApproval,
      problems: ['order.not-found', 'order.action-refused'],
      handler: async (input) =>
        approvalView(
          await decisions.request(
            { orderNo: input.params.orderNo, ...input.body },
            adminOf(input.principal),
            whereOf(input),
          ),
        ),
    }),
  ];
}

function reversing({ readings, reversals, terminals }: Staff, orders: OrderStore): AnyRoute[] {
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
    defineRoute({
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
    }),
  ];
}

export function readingView(reading: Reading, order: Order): StaffReading {
  const against = reading.read === undefined ? undefined : againstCard(order, reading.read);
  return {
    nonce: reading._id,
    orderNo: reading.orderNo,
    terminalId: reading.terminalId,
    expiresAt: reading.expiresAt.toISOString(),
    readAt: reading.read?.at.toISOString() ?? null,
    against: against?.code ?? null,
  };
}
