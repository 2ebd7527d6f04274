import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  discountList,
  discountParam,
  discountResponse,
  discountRuleRequest,
  householdsRequest,
  pauseDiscountRequest,
  type AdminDiscount,
} from '@bianmin/purchase/api/discount';
import type { DiscountRules, RuleWithBudget } from './rules.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

/** Discounts (社区优惠): who gets them and what has become of their budgets. */
export function adminDiscountRoutes(rules: DiscountRules): AnyRoute[] {
  const manage = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'discount:manage' } as const;
  return [
    defineRoute({
      ...manage,
      method: 'get',
      path: '/v1/admin/discounts',
      summary: 'Discounts that reach the people of the own scope, with their budgets, newest first',
      response: discountList,
      handler: async ({ principal }) => ({
        discounts: (await rules.list(adminOf(principal).scope)).map(view),
      }),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/discounts',
      stepUp: true,
      summary: 'Proposes a discount; a second person allows it, then it begins',
      body: discountRuleRequest,
      status: 202,
      response: discountResponse,
      problems: ['request.not-found'],
      handler: async (input) => {
        const made = await rules.propose(input.body, adminOf(input.principal), whereOf(input));
        return { discount: view(made), approval: approvalView(made.approval) };
      },
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/discounts/:id/pause',
      stepUp: true,
      summary: 'Asks for a discount to be paused or to go on; a second person allows it',
      params: discountParam,
      body: pauseDiscountRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'discount.not-allowed'],
      handler: async (input) =>
        approvalView(
          await rules.requestPause(
            { ruleId: input.params.id, ...input.body },
            adminOf(input.principal),
            whereOf(input),
          ),
        ),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/discounts/households',
      stepUp: true,
      summary:
        'Says of which organisation households are and which tags they have; a second person allows it',
      body: householdsRequest,
      status: 202,
      response: adminApproval,
      handler: async (input) =>
        approvalView(await rules.requestHouseholds(input.body, adminOf(input.principal), whereOf(input))),
    }),
  ];
}

function view({ rule, budget, households }: RuleWithBudget): AdminDiscount {
  const { _id, from, to, createdAt, ...rest } = rule;
  return {
    ...rest,
    ...{ id: _id, households },
    names: { ...rule.names },
    from: from.toISOString(),
    to: to.toISOString(),
    createdAt: createdAt.toISOString(),
    leftFen: budget?.leftFen ?? 0,
    heldFen: budget?.heldFen ?? 0,
    spentFen: budget?.spentFen ?? 0,
  };
}
