import { orgTree, type OrgView } from '@bianmin/purchase/api/org';
import {
  statisticsDashboard,
  statisticsSeries,
  type StatisticsDashboard,
  type StatisticsDimension,
  type StatisticsSeries,
} from '@bianmin/purchase/api/statistics';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/statistics';

export interface SeriesQuery {
  /** `2026`, `2026-11` or `2026-11-27`. */
  readonly at: string;
  readonly by: StatisticsDimension;
  /** Absent: the caller's own. */
  readonly org?: string | undefined;
}

export const statisticsApi = {
  dashboard: (signal: AbortSignal): Promise<StatisticsDashboard> =>
    call({ path: `${PATH}/dashboard`, response: statisticsDashboard, signal }),
  series: ({ at, by, org }: SeriesQuery, signal: AbortSignal): Promise<StatisticsSeries> =>
    call({ path: `${PATH}/series`, query: { at, by, org }, response: statisticsSeries, signal }),
  /** The caller's own organisation first, then everything below it. */
  orgs: async (signal: AbortSignal): Promise<OrgView[]> =>
    (await call({ path: '/v1/admin/orgs', response: orgTree, signal })).orgs,
};
