import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  commissionRuleList,
  type AdminCommissionRule,
  type CommissionRuleRequest,
} from '@bianmin/purchase/api/commission';
import { monthList, type MonthView } from '@bianmin/purchase/api/months';
import { moneyFlows, type MoneyFlows } from '@bianmin/purchase/api/money';
import { call } from '../../api/call.ts';

const RULES = '/v1/admin/commission-rules';
const MONTHS = '/v1/admin/money/months';

/** Agency fees and commissions; whatever makes or ends one is asked for here and allowed by a second person. */
export const commissionsApi = {
  list: async (signal: AbortSignal): Promise<AdminCommissionRule[]> =>
    (await call({ path: RULES, response: commissionRuleList, signal })).rules,
  propose: (body: CommissionRuleRequest): Promise<AdminApproval> =>
    call({ path: RULES, method: 'POST', body, response: adminApproval }),
  end: (id: string, body: { until: string; reason: string }): Promise<AdminApproval> =>
    call({ path: `${RULES}/${id}/end`, method: 'POST', body, response: adminApproval }),
};

/** Months with what is in the way of closing them. */
export const monthsApi = {
  list: async (signal: AbortSignal): Promise<MonthView[]> =>
    (await call({ path: MONTHS, response: monthList, signal })).months,
  close: (month: string, reason: string): Promise<AdminApproval> =>
    call({ path: `${MONTHS}/${month}/close`, method: 'POST', body: { reason }, response: adminApproval }),
};

/** Through whose hands money goes. */
export const flowsOf = (signal: AbortSignal): Promise<MoneyFlows> =>
  call({ path: '/v1/admin/money/flows', response: moneyFlows, signal });
