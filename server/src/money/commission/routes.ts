import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  commissionRuleList,
  commissionRuleParam,
  commissionRuleRequest,
  endCommissionRequest,
  type AdminCommissionRule,
} from '@bianmin/purchase/api/commission';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { CommissionRule, TwoPersons } from './rule.ts';
import type { CommissionRules } from './rules.ts';

/** Agency fees (代收手续费) and commissions (佣金): who earns how much. */
export function adminCommissionRoutes(rules: CommissionRules): AnyRoute[] {
  const manage = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'commission:manage' } as const;
  return [
    defineRoute({
      ...manage,
      method: 'get',
      path: '/v1/admin/commission-rules',
      summary: 'What sales earn, by organisation and channel, also what is over',
      response: commissionRuleList,
      handler: async () => ({ rules: (await rules.list()).map(view) }),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/commission-rules',
      stepUp: true,
      summary: 'Proposes a rule from tomorrow on; a second person allows it',
      body: commissionRuleRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'commission.day-booked', 'commission.overlaps'],
      handler: async (input) =>
        approvalView(await rules.propose(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/commission-rules/:id/end',
      stepUp: true,
      summary: 'Asks for a rule to end with a day that is not over; a second person allows it',
      params: commissionRuleParam,
      body: endCommissionRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'commission.day-booked'],
      handler: async (input) =>
        approvalView(
          await rules.requestEnd(
            { ruleId: input.params.id, ...input.body },
            adminOf(input.principal),
            whereOf(input),
          ),
        ),
    }),
  ];
}

function view({ made, ended, ...rest }: CommissionRule): AdminCommissionRule {
  return { ...rest, made: personsView(made), ended: ended === undefined ? null : personsView(ended) };
}

function personsView({ maker, checker, at }: TwoPersons): AdminCommissionRule['made'] {
  return { maker: { ...maker }, checker: { ...checker }, at: at.toISOString() };
}
