import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  discountList,
  discountResponse,
  type AdminDiscount,
  type DiscountRuleRequest,
  type HouseholdsRequest,
} from '@bianmin/purchase/api/discount';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/discounts';

/** Discounts; whatever changes one is asked for here and allowed by a second person. */
export const discountsApi = {
  list: async (signal: AbortSignal): Promise<AdminDiscount[]> =>
    (await call({ path: PATH, response: discountList, signal })).discounts,
  propose: async (body: DiscountRuleRequest): Promise<AdminApproval> =>
    (await call({ path: PATH, method: 'POST', body, response: discountResponse })).approval,
  pause: (id: string, body: { paused: boolean; reason: string }): Promise<AdminApproval> =>
    call({ path: `${PATH}/${id}/pause`, method: 'POST', body, response: adminApproval }),
  households: (body: HouseholdsRequest): Promise<AdminApproval> =>
    call({ path: `${PATH}/households`, method: 'POST', body, response: adminApproval }),
};
