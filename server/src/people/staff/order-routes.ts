import { adminApproval } from '@bianmin/purchase/api/approvals';
import { orderParam } from '@bianmin/purchase/api/staff';
import { decisionRequest, gridAnswer, orderActions } from '@bianmin/purchase/api/order-decisions';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { Decisions } from './decisions.ts';
import { reversalRoutes, type ReversalServices } from './reversal-routes.ts';

interface Staff extends ReversalServices {
  readonly decisions: Decisions;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

/** What staff may do with an order, each action with the reason why not. */
export function adminOrderRoutes(staff: Staff, orders: OrderStore): AnyRoute[] {
  return [...deciding(staff), ...reversalRoutes(staff, orders)];
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
