import { z } from 'zod';
import {
  adminApproval,
  approvalIdParam,
  approvalQuery,
  decideRequest,
} from '@bianmin/purchase/api/approvals';
import type { Approvals } from './approvals.ts';
import { approvalView } from './approval-view.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, whereOf } from './caller.ts';

/** What waits for a second person. */
export function adminApprovalRoutes(services: { approvals: Approvals }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/admin/approvals',
      summary: 'Approvals: those that are open the oldest first, others the newest first',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      permission: 'approval:decide',
      query: approvalQuery,
      response: z.object({ approvals: z.array(adminApproval) }),
      handler: async ({ query, principal }) => ({
        approvals: (await services.approvals.list(query.status, adminOf(principal).scope)).map(approvalView),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/admin/approvals/:id/decide',
      stepUp: true,
      summary: 'Allows or refuses what another person asked for; when allowed it is carried out at once',
      tag: 'admin',
      auth: 'admin',
      scope: 'own',
      permission: 'approval:decide',
      params: approvalIdParam,
      body: decideRequest,
      response: adminApproval,
      problems: ['approval.same-person', 'approval.too-new', 'approval.already-decided', 'request.not-found'],
      handler: async (input) =>
        approvalView(
          await services.approvals.decide({
            id: input.params.id,
            checker: adminOf(input.principal),
            accept: input.body.accept,
            where: whereOf(input),
          }),
        ),
    }),
  ];
}
