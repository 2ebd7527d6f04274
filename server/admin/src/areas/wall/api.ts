import { adminOrderPage, type AdminOrderRow } from '@bianmin/purchase/api/admin-orders';
import { orgTree, type OrgView } from '@bianmin/purchase/api/org';
import { staffCase } from '@bianmin/purchase/api/staff';
import {
  statisticsDashboard,
  statisticsSeries,
  type StatisticsDashboard,
  type StatisticsSeries,
} from '@bianmin/purchase/api/statistics';
import { z } from 'zod';
import { call } from '../../api/call.ts';
import { dayOf } from '../../parts/time.ts';

/** No user sits before a wall: a login that ended is said, not asked for. */
const alone = { interruptible: false } as const;
/** As many as are looked at; more is “50+”. */
export const CASES_MOST = 50;
const WAITING_SHOWN = 5;

export const wallApi = {
  dashboard: (signal: AbortSignal): Promise<StatisticsDashboard> =>
    call({ ...alone, path: '/v1/admin/statistics/dashboard', response: statisticsDashboard, signal }),
  orgs: async (signal: AbortSignal): Promise<OrgView[]> =>
    (await call({ ...alone, path: '/v1/admin/orgs', response: orgTree, signal })).orgs,
  places: (signal: AbortSignal): Promise<StatisticsSeries> =>
    call({
      ...alone,
      path: '/v1/admin/statistics/series',
      query: { at: dayOf(Date.now()), by: 'org' },
      response: statisticsSeries,
      signal,
    }),
  casesOpen: async (signal: AbortSignal): Promise<number> => {
    const query = { status: 'open', limit: CASES_MOST };
    const response = z.object({ cases: z.array(staffCase) });
    return (await call({ ...alone, path: '/v1/admin/cases', query, response, signal })).cases.length;
  },
  waiting: async (signal: AbortSignal): Promise<AdminOrderRow[]> => {
    const body = { attention: true, limit: WAITING_SHOWN };
    const path = '/v1/admin/orders/search';
    return (await call({ ...alone, method: 'POST', path, body, response: adminOrderPage, signal })).orders;
  },
};
