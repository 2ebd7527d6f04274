import { adminApproval } from '@bianmin/purchase/api/approvals';
import { foundRefundRequest } from '@bianmin/purchase/api/books';
import { caseParam } from '@bianmin/purchase/api/staff';
import type { FoundMoney } from './found-money.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

/** Money that reconciliation found: it goes back on the word of two persons. */
export function adminFoundMoneyRoutes({ found }: { found: FoundMoney }): AnyRoute[] {
  return [
    defineRoute({
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      method: 'post',
      path: '/v1/admin/cases/:id/refund',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for money of which only a channel’s bill tells to go back; a second person allows it',
      permission: 'refund:request',
      status: 202,
      params: caseParam,
      body: foundRefundRequest,
      response: adminApproval,
      problems: [
        'request.not-found',
        'case.resolved',
        'order.not-found',
        'refund.nothing-paid',
        'refund.not-final',
      ],
      handler: async (input) =>
        approvalView(
          await found.request({
            caseId: input.params.id,
            text: input.body.text,
            maker: adminOf(input.principal),
            where: whereOf(input),
          }),
        ),
    }),
  ];
}
