import { adminApproval } from '@bianmin/purchase/api/approvals';
import { closeMonthRequest, monthDetail, monthList, monthParam } from '@bianmin/purchase/api/months';
import type { Approvals } from '../../access/approvals.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { MonthClose } from './month-close.ts';

export interface AdminMonthServices {
  readonly months: Pick<MonthClose, 'list' | 'get' | 'request'>;
  readonly approvals: Approvals;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'province' } as const;

/** Months: which are closed, and what is in the way of the others. */
export function adminMonthRoutes({ months, approvals }: AdminMonthServices): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/money/months',
      summary: 'Months with the state of each and what is in the way, newest first',
      permission: 'bill:read',
      response: monthList,
      handler: async () => ({ months: await months.list() }),
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/money/months/:month',
      summary: 'One month; a closed one with its sums by account',
      permission: 'bill:read',
      params: monthParam,
      response: monthDetail,
      problems: ['request.not-found'],
      handler: ({ params }) => months.get(params.month),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/money/months/:month/close',
      stepUp: true,
      summary: 'Asks for a month to be closed for good; a second person allows it',
      permission: 'reconcile:settle',
      params: monthParam,
      body: closeMonthRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'month.closed', 'month.not-compared'],
      handler: async (input) =>
        approvalView(
          await months.request(approvals, {
            ...{ month: input.params.month, reason: input.body.reason },
            ...{ maker: adminOf(input.principal), where: whereOf(input) },
          }),
        ),
    }),
  ];
}
